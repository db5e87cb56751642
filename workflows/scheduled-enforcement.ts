import { data } from './activities';

const PAGE = 50;
const MOST_PAGES = 100;
/** Seconds that a turn's own workflow has for ending it. */
const grace = 60;

/** Takes the turns that have come since the last look, each as a workflow of its own, and ends those that were left. */
export async function scheduledEnforcement(): Promise<{ started: number }> {
  let started = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const begun = await data.startDueSchedules({ limit: PAGE });
    started += begun.started;
    if (!begun.more) break;
  }
  await data.endLeftScheduled({ olderThanSeconds: grace, limit: PAGE });
  return { started };
}
