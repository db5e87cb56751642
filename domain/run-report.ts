import type { ActionStatus, RunType } from './runs';

/** Actions of one run that ended alike. */
export interface OutcomeGroup {
  status: ActionStatus;
  outcomeCode: string | null;
  losses: string[];
  approximate: boolean;
  count: number;
}

export interface ReportTotals {
  /** How many actions ended how, in the order of the groups. */
  byOutcome: { status: ActionStatus; outcomeCode: string | null; count: number }[];
  /** How many actions lost what; one action can lose several things. */
  byLoss: Record<string, number>;
  /** Actions that changed something and lost nothing. */
  exact: number;
  approximate: number;
}

/**
 * What an action has lost. For one of a run: what undoing it can't bring back, which counts only where it changed, or may
 * have changed, something. For one of a rollback, or of a run that restores from a file: what did not come back.
 */
export function lossesCounted(
  { status, outcomeCode, losses }: { status: string; outcomeCode: string | null; losses: string[] },
  runType: RunType,
): string[] {
  return hasEffect(status, outcomeCode, runType) ? losses : [];
}

/** Sums up a run's actions from groups of those that ended alike. */
export function reportTotals(groups: readonly OutcomeGroup[], runType: RunType): ReportTotals {
  const outcomes = new Map<string, ReportTotals['byOutcome'][number]>();
  const totals: ReportTotals = { byOutcome: [], byLoss: {}, exact: 0, approximate: 0 };
  for (const group of groups) {
    const { status, outcomeCode, approximate, count } = group;
    const key = `${status} ${outcomeCode ?? ''}`;
    const outcome = outcomes.get(key) ?? { status, outcomeCode, count: 0 };
    outcome.count += count;
    outcomes.set(key, outcome);
    if (!hasEffect(status, outcomeCode, runType)) continue;
    const losses = lossesCounted(group, runType);
    for (const loss of losses) totals.byLoss[loss] = (totals.byLoss[loss] ?? 0) + count;
    if (approximate) totals.approximate += count;
    if (losses.length === 0 && !approximate && status !== 'failed') totals.exact += count;
  }
  return { ...totals, byOutcome: [...outcomes.values()] };
}

const changed: ReadonlySet<string> = new Set<ActionStatus>(['applied', 'undone', 'undo_failed']);

function hasEffect(status: string, outcomeCode: string | null, runType: RunType): boolean {
  if (changed.has(status)) return true;
  return status === 'failed' && (runType !== 'enforce' || outcomeCode === 'outcome_unknown');
}
