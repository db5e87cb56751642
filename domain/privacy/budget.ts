import { dayMs, dayOf } from '../day-range';

/** What releases have cost together, and what they may, in thousandths of ε, from the first of them on and for good. */
export interface Budget {
  spentMilli: number;
  capMilli: number;
}

export const affords = ({ spentMilli, capMilli }: Budget, epsilonMilli: number): boolean =>
  spentMilli + epsilonMilli <= capMilli;

/** The first day (`YYYY-MM-DD`) that may be released after another. */
export function nextReleaseDay(last: string, everyDays: number): string {
  return dayOf(Date.parse(last) + everyDays * dayMs);
}

/** What becomes of a closed day. None before it is time, and none that the budget does not pay for, whatever the data are. */
export function releaseOutcome(
  day: string,
  last: string | null,
  settings: Budget & { epsilonMilli: number; everyDays: number },
): 'released' | 'not_due' | 'budget_spent' {
  if (last !== null && day < nextReleaseDay(last, settings.everyDays)) return 'not_due';
  return affords(settings, settings.epsilonMilli) ? 'released' : 'budget_spent';
}
