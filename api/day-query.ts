import { z } from 'zod';
import { databaseNow } from '../adapters/postgres/clock';
import type { EntityManager } from '../adapters/postgres/orm';
import { dayRange, type DayRange } from '../domain/day-range';
import { DomainError } from '../domain/errors';

/** `?from&to`, days by UTC that both count. */
export const dayQuery = z.object({
  from: z.iso.date().optional().meta({ description: 'The first day, by UTC.' }),
  to: z.iso.date().optional().meta({ description: 'The last day, by UTC; today without it.' }),
});

/** The days that were asked for. Throws `invalid_request` where they are none, or more than `most`. */
export async function daysOf(
  em: EntityManager,
  asked: z.output<typeof dayQuery>,
  limits: { usual: number; most: number },
): Promise<DayRange> {
  const range = dayRange(asked, { ...limits, today: await databaseNow(em) });
  if (range) return range;
  const message = `Not before \`from\`, and at most ${limits.most} days with it`;
  throw new DomainError('invalid_request', { errors: [{ path: 'query.to', code: 'out_of_range', message }] });
}
