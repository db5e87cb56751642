import { defaultPayloadConverter } from '@temporalio/common';
import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

/** Carries the id of the HTTP request that began a workflow, kept in its memo, to the activities that it runs. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const withRequestId = <T extends { headers: Record<string, unknown> }>(input: T): T => {
    const requestId = workflowInfo().memo?.requestId;
    if (typeof requestId !== 'string') return input;
    return { ...input, headers: { ...input.headers, requestId: defaultPayloadConverter.toPayload(requestId) } };
  };
  return {
    outbound: [
      {
        scheduleActivity: (input, next) => next(withRequestId(input)),
        scheduleLocalActivity: (input, next) => next(withRequestId(input)),
      },
    ],
  };
};
