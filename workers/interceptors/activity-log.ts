import { CompleteAsyncError, type Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure, defaultPayloadConverter } from '@temporalio/common';
import { type ActivityInboundCallsInterceptor, type ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import { DomainError, isRetryable, ProviderError } from '../../domain/errors';

/**
 * Casts what an activity throws into a failure that holds a code and whether to try again, and logs it once, with the ids
 * by which the request, the workflow and the attempt are found.
 */
export function activityLog(logger: Logger): ActivityInterceptorsFactory {
  return (context: Context) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof CancelledFailure || error instanceof CompleteAsyncError) throw error;
          const { info } = context;
          const header = input.headers.requestId;
          logger.warn(
            {
              activity: info.activityType,
              attempt: info.attempt,
              workflowId: info.workflowExecution?.workflowId,
              workflowRunId: info.workflowExecution?.runId,
              requestId: header ? defaultPayloadConverter.fromPayload(header) : undefined,
              ...describe(error),
            },
            'activity failed',
          );
          throw cast(error);
        }
      },
    };
    return { inbound };
  };
}

/** What may be logged of an error: our own codes whole, of others the kind and where it came from, never the message. */
function describe(error: unknown): Record<string, unknown> {
  if (error instanceof DomainError) return { code: error.code };
  if (error instanceof ProviderError) return { code: error.failure, ...error.details };
  if (error instanceof ApplicationFailure) return { code: error.type };
  if (!(error instanceof Error)) return { code: 'internal_error' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { code: 'internal_error', error: error.name, at: frames.slice(0, 6).map((line) => line.trim()) };
}

function cast(error: unknown): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof DomainError)
    return ApplicationFailure.create({ type: error.code, message: error.code, nonRetryable: true });
  if (error instanceof ProviderError) {
    const retryAfter = error.details.retryAfterSeconds;
    return ApplicationFailure.create({
      type: error.failure,
      message: error.failure,
      nonRetryable: !isRetryable(error.failure),
      nextRetryDelay: retryAfter ? retryAfter * 1000 : undefined,
    });
  }
  return ApplicationFailure.create({ type: 'internal_error', message: 'internal_error' });
}
