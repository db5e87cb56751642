import { SpanKind } from '@opentelemetry/api';
import { inSpan, markFailed } from '../../adapters/tracing/spans';
import { contextOf, currentTraceId } from '../../adapters/tracing/trace-context';
import type { AppContext, Next } from '../context';
import { methodLabel } from './observe';

/**
 * Each request as a span, by route pattern. A trace begins here, unless a proxy of ours says to which one the request belongs:
 * anybody else could have whatever they like kept.
 */
export function traceRequests({ TRUST_PROXY: trusted }: { TRUST_PROXY: boolean }) {
  return (ctx: AppContext, next: Next): Promise<void> => {
    const method = methodLabel(ctx.method);
    const parent = contextOf(trusted ? ctx.get('traceparent') : null);
    const attributes = { 'http.request.method': method, 'dnp.request_id': ctx.state.requestId };
    return inSpan({ name: method, kind: SpanKind.SERVER, attributes, parent }, async (span) => {
      ctx.state.log = ctx.state.log.child({ traceId: currentTraceId() });
      await next();
      const { route } = ctx.state;
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': ctx.status });
      if (ctx.status >= 500) markFailed(span, String(ctx.status));
    });
  };
}
