import { createHash, randomUUID } from 'node:crypto';
import type { Next } from 'koa';
import type { Call } from '../conduct/world';

/** A refusal of the Apple Music API. `code` is its own, finer than the HTTP status. */
export class AppleMusicError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly parameter?: string,
  ) {
    super(detail);
  }
}

export const invalidAuthentication = () => new AppleMusicError(403, '40300', 'Forbidden', 'Invalid authentication');
export const notFound = () =>
  new AppleMusicError(404, '40400', 'Resource Not Found', 'Resource with requested id was not found');
export const nothingRelated = (relation: string) =>
  new AppleMusicError(404, '40403', 'No related resources', `No related resources found for ${relation}`);
export const badParameter = (parameter: string, detail: string) =>
  new AppleMusicError(400, '40005', 'Invalid Parameter Value', detail, parameter);

/** Answers refusals, and unknown addresses, in the API's words. */
export async function answerAppleMusicErrors(call: Call, next: Next): Promise<void> {
  try {
    await next();
    if (call.status === 404 && call.body == null) throw notFound();
  } catch (error) {
    if (!(error instanceof AppleMusicError)) throw error;
    call.status = error.status;
    call.body = errorBody(error);
  }
}

/** The body of an error that a fault asks for without one of its own. */
export function appleMusicFaultBody(status: number): unknown {
  if (status === 401) return errorBody(new AppleMusicError(401, '40100', 'Unauthorized', 'Unauthorized'));
  if (status === 403) return errorBody(invalidAuthentication());
  if (status === 404) return errorBody(notFound());
  if (status === 429) return errorBody(new AppleMusicError(429, '42900', 'Too Many Requests', 'Too many requests'));
  if (status === 500) {
    return errorBody(new AppleMusicError(500, '50001', 'Upstream Service Error', 'Service failure: library'));
  }
  const code = String(status).padEnd(5, '0');
  return errorBody(new AppleMusicError(status, code, status > 500 ? 'Service Unavailable' : 'Bad Request', 'Refused'));
}

function errorBody(error: AppleMusicError): unknown {
  const id = createHash('sha256').update(randomUUID()).digest('hex').slice(0, 26).toUpperCase();
  return {
    errors: [
      {
        id,
        title: error.title,
        detail: error.detail,
        status: String(error.status),
        code: error.code,
        ...(error.parameter === undefined ? {} : { source: { parameter: error.parameter } }),
      },
    ],
  };
}
