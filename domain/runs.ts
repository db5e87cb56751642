/**
 * `enforce` carries out a plan that takes out by blocks, `restore` one that puts back what a file has; `rollback` undoes actions of
 * either.
 */
export const runTypes = ['enforce', 'restore', 'rollback'] as const;
export type RunType = (typeof runTypes)[number];

/**
 * Who has a run begin: a `person` · their `schedule` · a run of theirs that failed in part (`failure`) and was to be undone then · a
 * block's end (`expiry`), which was to bring back what it took out.
 */
export const runStarters = ['person', 'schedule', 'failure', 'expiry'] as const;
export type RunStarter = (typeof runStarters)[number];

export const runStatuses = [
  'queued',
  'running',
  'waiting',
  'cancelling',
  'completed',
  'partially_completed',
  'cancelled',
  'failed',
  'needs_attention',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const actionStatuses = ['pending', 'applying', 'applied', 'skipped', 'failed', 'undone', 'undo_failed'] as const;
export type ActionStatus = (typeof actionStatuses)[number];

export type UndoneState = 'none' | 'partly' | 'fully';

export const terminalRunStatuses: ReadonlySet<RunStatus> = new Set([
  'completed',
  'partially_completed',
  'cancelled',
  'failed',
  'needs_attention',
]);

/** Statuses in which a run has done with an action; a rollback may still move those that were applied. */
export const settledActionStatuses: ReadonlySet<ActionStatus> = new Set([
  'applied',
  'skipped',
  'failed',
  'undone',
  'undo_failed',
]);

const ends = [...terminalRunStatuses];

const runTransitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'waiting', 'cancelling', 'cancelled', 'failed', 'needs_attention'],
  running: ['waiting', 'cancelling', ...ends],
  waiting: ['running', 'cancelling', ...ends],
  cancelling: ends,
  completed: [],
  // What failed may be tried again, by the same run.
  partially_completed: ['queued'],
  cancelled: ['queued'],
  failed: ['queued'],
  needs_attention: ['queued'],
};

// An action can be passed over, or fail with the rest, before it is ever tried; a failed undo may be tried again.
const actionTransitions: Readonly<Record<ActionStatus, readonly ActionStatus[]>> = {
  pending: ['applying', 'skipped', 'failed'],
  applying: ['applied', 'skipped', 'failed'],
  // The list of what was removed goes on, or begins, where a further try removes more.
  applied: ['pending', 'undone', 'undo_failed'],
  undo_failed: ['undone'],
  skipped: ['pending'],
  // Tried again; or undone, where its outcome stayed unknown, so that it may have been done.
  failed: ['pending', 'applying', 'undone', 'undo_failed'],
  undone: [],
};

/** Whether an action may go from one status to another. */
export function canTransition(from: ActionStatus, to: ActionStatus): boolean {
  return actionTransitions[from].includes(to);
}

/** Whether a run may go from one status to another. */
export function canRunTransition(from: RunStatus, to: RunStatus): boolean {
  return runTransitions[from].includes(to);
}

/**
 * What became of a run's actions. `pending` takes in those being tried; `applied` is what the run achieved, whether or
 * not a rollback has taken it back since. `included` is the sum of the other four.
 */
export interface RunCounts {
  included: number;
  pending: number;
  applied: number;
  skipped: number;
  failed: number;
}

/** As what an action of a status counts. */
export const countedAs: Readonly<Record<ActionStatus, Exclude<keyof RunCounts, 'included'>>> = {
  pending: 'pending',
  applying: 'pending',
  applied: 'applied',
  undone: 'applied',
  undo_failed: 'applied',
  skipped: 'skipped',
  failed: 'failed',
};

export function runCounts(actions: readonly { status: ActionStatus }[]): RunCounts {
  const counts: RunCounts = { included: actions.length, pending: 0, applied: 0, skipped: 0, failed: 0 };
  for (const { status } of actions) counts[countedAs[status]] += 1;
  return counts;
}

/** The same from numbers per status, as a database groups them. */
export function runCountsByStatus(byStatus: Partial<Record<ActionStatus, number>>): RunCounts {
  const counts: RunCounts = { included: 0, pending: 0, applied: 0, skipped: 0, failed: 0 };
  for (const status of actionStatuses) {
    const count = byStatus[status] ?? 0;
    counts[countedAs[status]] += count;
    counts.included += count;
  }
  return counts;
}

/** How much of what a run applied has been undone. */
export function undoneState(actions: readonly { status: ActionStatus }[]): UndoneState {
  const undone = actions.filter(({ status }) => status === 'undone').length;
  if (undone === 0) return 'none';
  return undone === runCounts(actions).applied ? 'fully' : 'partly';
}

/**
 * How a run ends. A cancel that came too late to spare anything changes nothing. What a rollback couldn't undo, and what
 * an uncancelled run left untried, needs somebody's attention.
 */
export function finalRunStatus(counts: RunCounts, cancelRequested: boolean, runType: RunType = 'enforce'): RunStatus {
  const { included, pending, applied, skipped, failed } = counts;
  if (runType === 'rollback' && failed > 0) return 'needs_attention';
  if (cancelRequested && applied < included) return 'cancelled';
  if (pending > 0) return 'needs_attention';
  if (failed === 0) return 'completed';
  return applied + skipped > 0 ? 'partially_completed' : 'failed';
}

/** What a person decided about the end of a run. */
export interface EndChoices {
  onFailure: string;
  cancelled: boolean;
  cancelWithRollback: boolean;
}

/**
 * Whether a run that carried out a plan is undone as soon as it has ended, and by whose will: `person` for a cancel with rollback,
 * `failure` where that was chosen beforehand and something failed or was left untried. What was skipped is no failure.
 */
export function undoneAtOnce(
  { onFailure, cancelled, cancelWithRollback }: EndChoices,
  { failed, pending }: Pick<RunCounts, 'failed' | 'pending'>,
): Extract<RunStarter, 'person' | 'failure'> | null {
  if (cancelled && cancelWithRollback) return 'person';
  return onFailure === 'rollback' && failed + pending > 0 ? 'failure' : null;
}
