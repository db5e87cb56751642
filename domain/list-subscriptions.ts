import type { NewEntriesChoice, SubscriptionFollows } from './community-lists';

/** How a person wants to go by a list; `version`: the one that they pin, or that they have looked at and accept. */
export interface SubscriptionWish {
  follows: SubscriptionFollows;
  newEntries: NewEntriesChoice;
  version?: number;
}

/** Whether new versions count without the person. Then there is no version to name. */
export const takesAtOnce = ({ follows, newEntries }: Omit<SubscriptionWish, 'version'>): boolean =>
  follows === 'latest' && newEntries === 'at_once';

/**
 * The version that is to hold for the person until they name another one; null: whatever is the latest. Where they name none it stays with
 * the one that holds for them already, else it is the latest.
 */
export function versionToHold(
  wish: SubscriptionWish,
  { held, latest }: { held: number | null; latest: number },
): number | null {
  return takesAtOnce(wish) ? null : (wish.version ?? held ?? latest);
}

/** Whether a newer version waits for the person to look at it. One who pinned a version waits for nothing. */
export const waitsForReview = (
  { follows, newEntries }: Omit<SubscriptionWish, 'version'>,
  { held, latest }: { held: number | null; latest: number | null },
): boolean => follows === 'latest' && newEntries === 'after_review' && latest !== null && held !== latest;
