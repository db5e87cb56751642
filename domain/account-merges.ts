/**
 * Where a merge of two accounts stands: `offered` to the survivor · `confirmed`, being carried out · `merged`, and can be undone
 * for a day · `undoing` · `undone` · `final`, the day is over · `failed`, nothing was moved.
 */
export const mergeStatuses = ['offered', 'confirmed', 'merged', 'undoing', 'undone', 'final', 'failed'] as const;
export type MergeStatus = (typeof mergeStatuses)[number];

/** Minutes in which an offer can be confirmed. */
export const offerMinutes = 15;

/** Hours in which a merge can be undone. */
export const undoHours = 24;

/** What keeps two accounts from being merged, or parted again, now. */
export interface MergeObstacles {
  /** One of the two is no longer there. */
  gone: boolean;
  /** One of the two is part of another merge that can still be undone. */
  anotherMerge: boolean;
  /** One of the two is being erased. */
  erasing: boolean;
  /** One of the two is suspended: neither merging nor parting ends that. */
  suspended: boolean;
  activeRuns: number;
  plansPreparing: number;
  /** Sign-in or connect flows that came back to us and are being finished. */
  openFlows: number;
}

/** The obstacles as an error's params; null where nothing stands in the way. */
export function obstacleParams(obstacles: MergeObstacles): Record<string, string | number> | null {
  const { gone, anotherMerge, erasing, suspended, activeRuns, plansPreparing, openFlows } = obstacles;
  if (gone) return { reason: 'account_gone' };
  if (erasing) return { reason: 'erasure_in_progress' };
  if (suspended) return { reason: 'suspended' };
  if (anotherMerge) return { reason: 'another_merge' };
  if (activeRuns + plansPreparing + openFlows > 0)
    return { reason: 'work_in_progress', activeRuns, plansPreparing, openFlows };
  return null;
}
