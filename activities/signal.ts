import { Context } from '@temporalio/activity';

/** The signal that ends provider calls when the activity is cancelled or its worker shuts down; absent outside an activity. */
export function activitySignal(): AbortSignal | undefined {
  try {
    return Context.current().cancellationSignal;
  } catch {
    return undefined;
  }
}
