import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { inSpan } from '../../adapters/tracing/spans';
import { contextOf } from '../../adapters/tracing/trace-context';

/** Each attempt of an activity as a span, below the execution that scheduled it. */
export const traceActivities: ActivityInterceptorsFactory = ({ info }: Context) => ({
  inbound: {
    execute(input, next) {
      const { traceparent } = input.headers;
      return inSpan(
        {
          name: `RunActivity ${info.activityType}`,
          attributes: {
            temporalWorkflowID: info.workflowExecution?.workflowId,
            temporalRunID: info.workflowExecution?.runId,
            temporalActivityID: info.activityId,
            'dnp.attempt': info.attempt,
          },
          parent: contextOf(traceparent && defaultPayloadConverter.fromPayload(traceparent)),
        },
        () => next(input),
      );
    },
  },
});
