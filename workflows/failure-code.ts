import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/** The code that a job shows for a failed activity. Messages never get this far: only types do. */
export function failureCodeOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type ? cause.type : 'internal_error';
}
