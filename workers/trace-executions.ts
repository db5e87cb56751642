import type { InjectedSinks } from '@temporalio/worker';
import { withSpanId } from '../adapters/tracing/span-ids';
import { markFailed, tracer } from '../adapters/tracing/spans';
import { contextOf } from '../adapters/tracing/trace-context';
import { executionSpanId } from '../domain/trace-context';
import type { TraceSinks } from '../workflows/trace';

/** An execution as a span, recorded when it has ended, under the id that its activities name as their cause. */
export const traceExecutions: InjectedSinks<TraceSinks> = {
  trace: {
    executionEnded: {
      callDuringReplay: false,
      fn({ workflowType, workflowId, runId }, { traceparent, outcome, code, startedAt, endedAt }) {
        const attributes = { temporalWorkflowID: workflowId, temporalRunID: runId, 'dnp.outcome': outcome };
        const about = { attributes, startTime: new Date(startedAt) };
        const span = withSpanId(executionSpanId(runId), () =>
          tracer().startSpan(`RunWorkflow ${workflowType}`, about, contextOf(traceparent)),
        );
        if (code !== null) markFailed(span, code);
        span.end(new Date(endedAt));
      },
    },
  },
};
