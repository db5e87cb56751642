/** Milliseconds of a day by UTC. */
export const dayMs = 86_400_000;

/** The day of a moment (milliseconds since 1970) by UTC, as `YYYY-MM-DD`. */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** Whole days by UTC, both included, as `YYYY-MM-DD`. */
export interface DayRange {
  from: string;
  to: string;
}

/** Days that were asked for, or the last ones up to today; at most so many. Null where they are none, or too many. */
export function dayRange(
  asked: Partial<DayRange>,
  { today, usual, most }: { today: Date; usual: number; most: number },
): DayRange | null {
  const to = asked.to ?? dayOf(today.getTime());
  const from = asked.from ?? dayOf(Date.parse(to) - (usual - 1) * dayMs);
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  return days >= 1 && days <= most && from >= '1970' && to <= '9999' ? { from, to } : null;
}
