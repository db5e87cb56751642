import { SpanKind } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { currentTraceparent } from '../tracing/trace-context';
import { inSpan } from '../tracing/spans';

/** Hands the trace of whoever starts a workflow on to it. An update is a span of its caller's alone. */
export const traceCarrier: WorkflowClientInterceptor = {
  startWithDetails: (input, next) =>
    inSpan(
      {
        name: `StartWorkflow ${input.workflowType}`,
        kind: SpanKind.PRODUCER,
        attributes: { temporalWorkflowID: input.options.workflowId },
      },
      async (span) => {
        const started = await next({ ...input, headers: { ...input.headers, ...carried() } });
        span.setAttribute('temporalRunID', started.runId);
        return started;
      },
    ),
  startUpdate: (input, next) =>
    inSpan(
      {
        name: `UpdateWorkflow ${input.updateName}`,
        kind: SpanKind.CLIENT,
        attributes: { temporalWorkflowID: input.workflowExecution.workflowId ?? '' },
      },
      () => next(input),
    ),
};

function carried(): Headers {
  const traceparent = currentTraceparent();
  return traceparent ? { traceparent: defaultPayloadConverter.toPayload(traceparent) } : {};
}
