import { context, type Context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { parseTraceparent, traceparentOf } from '../../domain/trace-context';

/** The trace and span at work here, as a `traceparent`; null where nothing is traced. Never with baggage. */
export function currentTraceparent(): string | null {
  const span = trace.getSpanContext(context.active());
  if (!span) return null;
  const { traceId, spanId, traceFlags } = span;
  return traceparentOf({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}

/** The id of the trace at work here, for the lines of a log. */
export const currentTraceId = (): string | undefined => trace.getSpanContext(context.active())?.traceId;

/** Where work begins that a `traceparent` caused, and that nothing caused where there is none. */
export function contextOf(traceparent: unknown): Context {
  const found = parseTraceparent(traceparent);
  if (!found) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = found;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

/** Does something in the name of whoever's `traceparent` it is. */
export const inTraceOf = <T>(traceparent: unknown, work: () => T): T => context.with(contextOf(traceparent), work);
