import type { ComparisonSettings } from '../adapters/environment/comparison-settings';
import { releaseComparison, type ReleaseOutcome } from '../adapters/postgres/comparative-releases';
import { closeDays, noteChangedDays } from '../adapters/postgres/figure-closing';
import type { MikroORM } from '../adapters/postgres/orm';
import { withPulse } from './pulse';

export interface SnapshotDeps {
  orm: MikroORM;
  comparison: ComparisonSettings;
  /** The budget pays for no more releases. */
  onBudgetSpent: () => void;
}

/** Closes days, and releases one to compare with. Each activity is one transaction. */
export function createSnapshotActivities({ orm, comparison, onBudgetSpent }: SnapshotDeps) {
  return {
    /** Notes which closed days changed since the last time. */
    noteChangedDays: (): Promise<void> => withPulse(() => orm.em.fork().transactional(noteChangedDays)),

    /** Sums up to `days` days that are over, and as many that changed; `more` says whether others are left. */
    closeDays: ({ days }: { days: number }): Promise<{ closed: number; more: boolean }> =>
      withPulse(() => orm.em.fork().transactional((tx) => closeDays(tx, days))),

    /** Releases the last closed day, where it is time. */
    async releaseComparison(): Promise<{ outcome: ReleaseOutcome }> {
      const outcome = await withPulse(() => orm.em.fork().transactional((tx) => releaseComparison(tx, comparison)));
      if (outcome === 'budget_spent') onBudgetSpent();
      return { outcome };
    },
  };
}
