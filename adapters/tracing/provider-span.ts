import { type Span, SpanKind } from '@opentelemetry/api';
import { inSpan } from './spans';

/** Which call it is, by names of which there are few. */
export interface ProviderCallLabel {
  provider: string;
  endpoint: string;
}

/** A call to a provider as a span. Nothing of the trace goes along to the provider. */
export function inProviderSpan<T>(
  { provider, endpoint }: ProviderCallLabel,
  send: (span: Span) => Promise<T>,
): Promise<T> {
  const attributes = { 'dnp.provider': provider, 'dnp.endpoint': endpoint };
  return inSpan({ name: `${provider} ${endpoint}`, kind: SpanKind.CLIENT, attributes }, send);
}
