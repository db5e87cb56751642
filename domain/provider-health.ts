import type { ProviderFailureClass } from './errors';

/** Calls that the provider failed: it gave no answer, or one that says that it can't. What it refuses with a reason is an answer. */
const failedByProvider: readonly string[] = ['unavailable', 'outcome_unknown'] satisfies ProviderFailureClass[];

/** Which part of the calls a provider failed, those left out that we ended ourselves; null where none is left. */
export function errorRate(calls: readonly { outcome: string; calls: number }[]): number | null {
  const sum = (of: (outcome: string) => boolean) =>
    calls.reduce((total, { outcome, calls: n }) => total + (of(outcome) ? n : 0), 0);
  const asked = sum((outcome) => outcome !== 'cancelled');
  return asked === 0 ? null : sum((outcome) => failedByProvider.includes(outcome)) / asked;
}
