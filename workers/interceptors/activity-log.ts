import { CompleteAsyncError, type Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure, defaultPayloadConverter } from '@temporalio/common';
import { type ActivityInboundCallsInterceptor, type ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import { currentTraceId } from '../../adapters/tracing/trace-context';
import { DomainError, isRetryable, ProviderError } from '../../domain/errors';

/**
 * Logs each activity once, with the ids by which its request, its workflow and the attempt are found, and casts what it
 * throws into a failure that holds a code and whether to try again.
 */
export function activityLog(logger: Logger): ActivityInterceptorsFactory {
  return (context: Context) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        const { info } = context;
        const header = input.headers.requestId;
        const log = logger.child({
          activity: info.activityType,
          attempt: info.attempt,
          workflowId: info.workflowExecution?.workflowId,
          workflowRunId: info.workflowExecution?.runId,
          requestId: header ? defaultPayloadConverter.fromPayload(header) : undefined,
          traceId: currentTraceId(),
        });
        const begun = performance.now();
        try {
          const result = await next(input);
          log.info({ ms: Math.round(performance.now() - begun) }, 'activity done');
          return result;
        } catch (error) {
          if (error instanceof CancelledFailure || error instanceof CompleteAsyncError) throw error;
          log.warn(describe(error), 'activity failed');
          throw cast(error);
        }
      },
    };
    return { inbound };
  };
}

/** Our own failures by their codes; the logger cuts others down to what may be kept. */
function describe(error: unknown): Record<string, unknown> {
  if (error instanceof DomainError) return { code: error.code };
  if (error instanceof ProviderError) return { code: error.failure, ...error.details };
  if (error instanceof ApplicationFailure) return { code: error.type };
  return { code: 'internal_error', err: error };
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
