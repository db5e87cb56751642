import { data } from './activities';

/** People, and rollbacks, of one activity; activities of one run. The next run comes a minute later. */
const PAGE = 20;
const MOST_PAGES = 50;

/**
 * Ends the blocks whose time is over, page by page, and brings back what they took out where their person wanted that. The rows say
 * what is due: a temporary block is nothing but its row until it ends.
 */
export async function expireBlocks(): Promise<{ ended: number; started: number }> {
  let ended = 0;
  let started = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const done = await data.endExpiredBlocks({ people: PAGE });
    ended += done.ended;
    if (!done.more) break;
  }
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const begun = await data.restoreAfterExpiry({ limit: PAGE });
    started += begun.started;
    if (!begun.more) break;
  }
  return { ended, started };
}
