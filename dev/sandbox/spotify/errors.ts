import type { Next } from 'koa';
import type { Call } from '../conduct/world';

/** A refusal of the Web API, answered as `{"error":{"status","message"}}`, or in its message alone where it is `plain`. */
export class SpotifyError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
    readonly wording: { plain?: boolean; reason?: string } = {},
  ) {
    super(message);
  }
}

/** Answers refusals, and unknown addresses, in the Web API's words. */
export async function answerSpotifyErrors(call: Call, next: Next): Promise<void> {
  try {
    await next();
    if (call.status === 404 && call.body == null) throw new SpotifyError(404, 'Service not found');
  } catch (error) {
    if (!(error instanceof SpotifyError)) throw error;
    call.status = error.status;
    call.set(error.headers);
    const { plain, reason } = error.wording;
    call.body = plain ? error.message : errorBody(error.status, error.message, reason);
  }
}

/** The body of an error that a fault asks for without one of its own. */
export function spotifyFaultBody(status: number): unknown {
  const messages: Record<number, string> = {
    401: 'The access token expired',
    403: 'Forbidden',
    404: 'Resource not found',
    429: 'API rate limit exceeded',
  };
  return errorBody(status, messages[status] ?? (status >= 500 ? 'Server error.' : 'Bad request.'));
}

export function errorBody(status: number, message: string, reason?: string): unknown {
  return { error: { status, message, ...(reason === undefined ? {} : { reason }) } };
}
