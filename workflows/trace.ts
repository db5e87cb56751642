import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import {
  ContinueAsNew,
  isCancellation,
  proxySinks,
  type Sinks,
  TemporalFailure,
  workflowInfo,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { executionSpanId, parseTraceparent, traceparentOf, type TraceContext } from '../domain/trace-context';
import { failureCodeOf } from './failure-code';

/** An execution's end, as it is told to whoever records it. */
export interface ExecutionEnd {
  /** What caused the execution. */
  traceparent: string;
  outcome: 'completed' | 'continued' | 'cancelled' | 'failed';
  /** Null unless it failed. */
  code: string | null;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
}

export interface TraceSinks extends Sinks {
  trace: { executionEnded(end: ExecutionEnd): void };
}

const { trace } = proxySinks<TraceSinks>();

/**
 * Hands the trace that began a workflow on to its activities. It is in the header of the workflow's first event or it isn't, so that
 * a history is replayed alike whether traces are on or off by then.
 */
export function traceInterceptors(): Required<Pick<WorkflowInterceptors, 'inbound' | 'outbound'>> {
  let cause: TraceContext | null = null;
  const withCause = <T extends { headers: Headers }>(input: T, spanId: (from: TraceContext) => string): T => {
    if (!cause) return input;
    const traceparent = defaultPayloadConverter.toPayload(traceparentOf({ ...cause, spanId: spanId(cause) }));
    return { ...input, headers: { ...input.headers, traceparent } };
  };
  const ofThisExecution = () => executionSpanId(workflowInfo().runId);
  return {
    inbound: [
      {
        execute(input, next) {
          cause = causeIn(input.headers);
          return cause ? told(traceparentOf(cause), next(input)) : next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withCause(input, ofThisExecution)),
        scheduleLocalActivity: (input, next) => next(withCause(input, ofThisExecution)),
        continueAsNew: (input, next) => next(withCause(input, (from) => from.spanId)),
      },
    ],
  };
}

function causeIn({ traceparent }: Headers): TraceContext | null {
  return traceparent ? parseTraceparent(defaultPayloadConverter.fromPayload(traceparent)) : null;
}

async function told(traceparent: string, result: Promise<unknown>): Promise<unknown> {
  const tell = (outcome: ExecutionEnd['outcome'], code: string | null = null) =>
    trace.executionEnded({
      traceparent,
      outcome,
      code,
      startedAt: workflowInfo().startTime.getTime(),
      endedAt: Date.now(),
    });
  try {
    const value = await result;
    tell('completed');
    return value;
  } catch (error) {
    // Anything else fails a workflow task, which is tried again, and not the execution.
    if (error instanceof ContinueAsNew) tell('continued');
    else if (isCancellation(error)) tell('cancelled');
    else if (error instanceof TemporalFailure) tell('failed', failureCodeOf(error));
    throw error;
  }
}
