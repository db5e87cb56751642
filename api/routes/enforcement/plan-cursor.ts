import { z } from 'zod';
import type { PlanRow } from '../../../adapters/postgres/plan-reads';
import { DomainError } from '../../../domain/errors';
import { decodeCursor } from '../../paging';

/** A place in what a plan holds: `made` is when that was worked out, in milliseconds. */
const planPosition = z.object({ place: z.int().min(0).max(10_000_000), made: z.int() });

const madeAt = (plan: PlanRow): number => plan.readyAt?.getTime() ?? 0;

/**
 * The place that a cursor names; null for a first page. Throws `invalid_cursor`, and `version_conflict` where the plan was
 * made anew since: its places are others now.
 */
export function placeInPlan(plan: PlanRow, cursor: string | undefined): number | null {
  const position = decodeCursor(cursor, planPosition);
  if (!position) return null;
  if (position.made !== madeAt(plan))
    throw new DomainError('version_conflict', {
      detail: 'The plan was made anew; begin with its first page.',
      params: { version: plan.version },
    });
  return position.place;
}

export const positionInPlan = (plan: PlanRow, place: number): z.input<typeof planPosition> => ({
  place,
  made: madeAt(plan),
});
