import { Context } from '@temporalio/activity';

/** The signal that ends provider calls when the activity is cancelled or its worker shuts down; absent outside an activity. */
export function activitySignal(): AbortSignal | undefined {
  try {
    return Context.current().cancellationSignal;
  } catch {
    return undefined;
  }
}

/** How often Temporal has begun this activity, 1 for the first time; 1 also outside an activity. */
export function activityAttempt(): number {
  try {
    return Context.current().info.attempt;
  } catch {
    return 1;
  }
}

/** Tells Temporal that the activity lives, and how far it is; nothing outside one. */
export function showAlive(done: number): void {
  try {
    Context.current().heartbeat(done);
  } catch {
    // Nobody waits for a sign of life.
  }
}
