import { defaultPayloadConverter } from '@temporalio/common';
import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';
import { traceInterceptors } from './trace';

/** Carries what began a workflow to the activities that it runs: the id of the HTTP request, kept in its memo, and the trace. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const withRequestId = <T extends { headers: Record<string, unknown> }>(input: T): T => {
    const requestId = workflowInfo().memo?.requestId;
    if (typeof requestId !== 'string') return input;
    return { ...input, headers: { ...input.headers, requestId: defaultPayloadConverter.toPayload(requestId) } };
  };
  const { inbound, outbound } = traceInterceptors();
  return {
    inbound,
    outbound: [
      {
        scheduleActivity: (input, next) => next(withRequestId(input)),
        scheduleLocalActivity: (input, next) => next(withRequestId(input)),
      },
      ...outbound,
    ],
  };
};
