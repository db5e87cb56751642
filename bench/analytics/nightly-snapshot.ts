import { createSnapshotActivities, type SnapshotDeps } from '../../activities/snapshot-analytics';
import type { MikroORM } from '../../adapters/postgres/orm';

/** Days of one activity, as the workflow asks for them. */
const page = 100;

/** What the night's workflow has done, activity by activity; in seconds. */
export async function snapshotOnce(orm: MikroORM, comparison: SnapshotDeps['comparison']): Promise<number> {
  const begun = performance.now();
  const activities = createSnapshotActivities({ orm, comparison, onBudgetSpent: () => undefined });
  await activities.noteChangedDays();
  while ((await activities.closeDays({ days: page })).more);
  await activities.releaseComparison();
  return (performance.now() - begun) / 1_000;
}
