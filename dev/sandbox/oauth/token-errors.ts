import type { Next } from 'koa';
import type { Call } from '../conduct/world';

/** A refusal in the words of RFC 6749, section 5.2. */
export class TokenError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly description: string,
  ) {
    super(description);
  }
}

/** Answers a `TokenError` as JSON. */
export async function answerTokenErrors(call: Call, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    call.status = error.status;
    if (error.status === 401) call.set('WWW-Authenticate', 'Basic');
    call.body = { error: error.code, error_description: error.description };
  }
}

/** The body of an error that a fault asks for: what a token endpoint says at that status. */
export function tokenFaultBody(status: number): unknown {
  if (status === 429) return { error: 'too_many_requests', error_description: 'Too many requests' };
  if (status >= 500) return { error: 'server_error', error_description: 'Internal server error' };
  if (status === 401) return { error: 'invalid_client', error_description: 'Invalid client' };
  return { error: 'invalid_grant', error_description: 'Refresh token revoked' };
}

/** One text field of a form, or a refusal that names it. */
export function requiredField(form: Record<string, unknown>, name: string): string {
  const value = form[name];
  if (typeof value !== 'string' || value === '')
    throw new TokenError(400, 'invalid_request', `${name} must be supplied`);
  return value;
}
