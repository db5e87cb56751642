/**
 * A moment in a worker's life: around a provider call (`GET /me/tracks`, `POST /google/token`), around a commit (`intend`), or
 * around a statement on a sign-in flow's or a credential's row (`keepRawAnswer`, `replace`).
 */
export interface Step {
  kind: 'call' | 'commit' | 'statement';
  when: 'before' | 'after';
  label: string;
}

/** The n-th step of a kind, counted from 1; with a label, the n-th of those that carry it. */
export interface KillPoint {
  kind: Step['kind'];
  when: Step['when'];
  n: number;
  label?: string;
}

/** From now on steps are counted anew, and the one named is the last; null lets the worker live. */
export type ToVictim = { kill: KillPoint | null };
export type FromVictim = { ready: true } | { step: Step };

/** Whether the last of the steps is the one meant. */
export function isAtStep(point: KillPoint, steps: readonly Step[]): boolean {
  const fits = (step: Step) =>
    step.kind === point.kind && step.when === point.when && (!point.label || point.label === step.label);
  const last = steps.at(-1);
  return last !== undefined && fits(last) && steps.filter(fits).length === point.n;
}

/** For the names of tests and the reports of failures. */
export function nameOf({ kind, when, n, label }: KillPoint): string {
  return `${when} ${kind} ${n}${label ? ` of ${label}` : ''}`;
}
