import { data } from './activities';

/** Seconds that a commit has for starting its workflow by itself, and a workflow for writing its end. */
const grace = 20;

/** Starts what a crash left unstarted and closes the rows of what was ended from outside. Runs every minute. */
export async function sweep(): Promise<void> {
  await data.startLeftovers({ olderThanSeconds: grace });
  await data.reconcile({ olderThanSeconds: grace });
  await data.forgetExpired();
}
