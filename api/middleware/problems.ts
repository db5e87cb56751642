import { DomainError, ProviderError, type ErrorCode } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import { problemOf } from '../problem';

/** Turns every failure, and every answer that nobody gave, into problem+json. What isn't expected is logged, never told. */
export function problems() {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    try {
      await next();
      if (ctx.body != null) return;
      if (ctx.status === 404) answer(ctx, new DomainError('not_found'));
      if (ctx.status === 405 || ctx.status === 501) answer(ctx, new DomainError('method_not_allowed'));
    } catch (error) {
      answer(ctx, expected(error) ?? unexpected(ctx, error));
    }
  };
}

function answer(ctx: AppContext, error: DomainError): void {
  const problem = problemOf(error, ctx.state.requestId);
  ctx.status = problem.status;
  ctx.type = 'application/problem+json';
  ctx.body = JSON.stringify(problem);
  if (problem.retryAfter !== undefined) ctx.set('Retry-After', String(problem.retryAfter));
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
}

function expected(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  if (error instanceof ProviderError) {
    const retryAfter = error.details.retryAfterSeconds;
    const code: ErrorCode =
      error.failure === 'unavailable' || error.failure === 'rate_limited' ? 'provider_unavailable' : 'provider_error';
    return new DomainError(code, retryAfter === undefined ? {} : { retryAfter: Math.ceil(retryAfter) });
  }
  return null;
}

function unexpected(ctx: AppContext, error: unknown): DomainError {
  ctx.state.log.error({ err: error, route: ctx.state.route }, 'request failed');
  return new DomainError('internal_error');
}
