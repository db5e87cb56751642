import type { Next } from 'koa';
import type { Call } from '../conduct/world';

const documentation = 'https://docs.github.com/rest';

/** A refusal of GitHub's API. */
export class GithubError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Answers a `GithubError` as the API words it. */
export async function answerGithubErrors(call: Call, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    call.status = error.status;
    call.body = errorBody(error.status, error.message);
  }
}

/** The body of an error that a fault asks for; with status 200 it is what the token endpoint says. */
export function githubFaultBody(status: number): unknown {
  if (status < 300) {
    return { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' };
  }
  if (status === 401) return errorBody(status, 'Bad credentials');
  if (status === 403 || status === 429) return errorBody(status, 'API rate limit exceeded');
  if (status === 404) return errorBody(status, 'Not Found');
  if (status === 422) return errorBody(status, 'Validation Failed');
  return errorBody(status, 'Server Error');
}

function errorBody(status: number, message: string): Record<string, string> {
  return { message, documentation_url: documentation, status: String(status) };
}
