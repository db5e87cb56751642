import { randomBytes } from 'node:crypto';
import { releaseOutcome } from '../../domain/privacy/budget';
import { comparativeRelease, mechanism, type ReleasedGroup } from '../../domain/privacy/comparative-release';
import { discreteLaplace, type Noise } from '../../domain/privacy/discrete-laplace';
import type { ComparisonSettings } from '../environment/comparison-settings';
import { audit } from './audit';
import { countCompared } from './compared-people';
import { comparativeAnalyticsEnabled } from './operator-switches';
import type { EntityManager } from './orm';

/** What came of a closed day: released now or before · not yet time · the budget doesn't pay for it · switched off here · no day is closed. */
export type ReleaseOutcome = 'released' | 'not_due' | 'budget_spent' | 'switched_off' | 'nothing_closed';

export interface Release {
  /** `YYYY-MM-DD`. */
  day: string;
  mechanism: string;
  threshold: number;
  groups: ReleasedGroup[];
  epsilonMilli: number;
  madeAt: string;
}

const cryptoNoise: Noise = (epsilon) => discreteLaplace(epsilon, randomBytes);

/**
 * Releases the last closed day to compare with where it is time and the budget pays for it, in the caller's transaction: what it costs and what it
 * says are written together or not at all, once a day and for good. Days that were missed are not made up for: each would cost as much, and
 * tell less than the last one.
 */
export async function releaseComparison(
  tx: EntityManager,
  settings: ComparisonSettings,
  noise: Noise = cryptoNoise,
): Promise<ReleaseOutcome> {
  if (!(await comparativeAnalyticsEnabled(tx))) return 'switched_off';
  // Whoever closes or releases besides waits here.
  const [closing] = await tx.execute<{ day: string | null }[]>(
    `select closed_to::text as day from figure_closing for update`,
  );
  const day = closing?.day ?? null;
  if (day === null) return 'nothing_closed';
  const { spentMilli, lastDay } = await privacySpent(tx);
  if (lastDay === day) return 'released';
  const outcome = releaseOutcome(day, lastDay, { ...settings, spentMilli });
  if (outcome !== 'released') return outcome;
  const groups = comparativeRelease(await countCompared(tx, day), settings, noise);
  const { epsilonMilli, threshold } = settings;
  await tx.execute(`insert into privacy_spends (day, epsilon_milli) values (?, ?)`, [day, epsilonMilli]);
  await tx.execute(`insert into comparative_releases (day, mechanism, threshold, groups) values (?, ?, ?, ?::jsonb)`, [
    day,
    mechanism,
    threshold,
    JSON.stringify(groups),
  ]);
  audit(tx, {
    actorId: null,
    event: 'analytics.comparison_released',
    outcome: 'done',
    details: { day, epsilonMilli, spentMilli: spentMilli + epsilonMilli },
  });
  return 'released';
}

/** What all releases have cost together, and the day of the last one. */
export async function privacySpent(em: EntityManager): Promise<{ spentMilli: number; lastDay: string | null }> {
  const [sum] = await em.execute<{ spent: number; day: string | null }[]>(
    `select coalesce(sum(epsilon_milli), 0)::int as spent, max(day)::text as day from privacy_spends`,
  );
  return { spentMilli: sum?.spent ?? 0, lastDay: sum?.day ?? null };
}

/** The last release; null before the first. */
export async function lastRelease(em: EntityManager): Promise<Release | null> {
  const [release] = await em.execute<Release[]>(
    `select r.day::text, r.mechanism, r.threshold, r.groups, s.epsilon_milli as "epsilonMilli", s.made_at as "madeAt"
     from comparative_releases r join privacy_spends s using (day) order by r.day desc limit 1`,
  );
  return release ?? null;
}
