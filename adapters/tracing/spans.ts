import { type Attributes, context, type Context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { DomainError, ProviderError } from '../../domain/errors';

/** A span's name and attributes hold route patterns, ids, codes and counts; never a path, a query, a name or a message. */
export interface SpanAbout {
  name: string;
  kind?: SpanKind;
  attributes?: Attributes;
  /** What caused it; by default, what is at work here. */
  parent?: Context;
}

/** Where nothing is traced this hands out spans that do nothing. */
export const tracer = () => trace.getTracer('do-not-play');

/** Does the work within a span of its own. One that throws is marked with the error's code, and with nothing else of it. */
export function inSpan<T>(
  { name, kind = SpanKind.INTERNAL, attributes, parent = context.active() }: SpanAbout,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer().startActiveSpan(name, { kind, ...(attributes ? { attributes } : {}) }, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

export function markFailed(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function codeOf(error: unknown): string {
  if (error instanceof ProviderError) return error.failure;
  if (error instanceof DomainError) return error.code;
  if (error instanceof ApplicationFailure) return error.type ?? 'internal_error';
  const isCancelled = error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError');
  return isCancelled ? 'cancelled' : 'internal_error';
}
