import { z } from 'zod';
import { systemFigures, type SystemFigureOfDay } from '../../../adapters/postgres/system-figures';
import { successRate } from '../../../domain/figures';
import { dayQuery, daysOf } from '../../day-query';
import { defineRoute } from '../../route';
import { auditedRead } from './audited-read';

const count = z.int().nonnegative();
/** What is brought back counts on the day it is, so a range may bring back more than it takes out. */
const balance = z.int();

const enforcementSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    runs: z.array(z.object({ provider: z.string(), runType: z.string(), status: z.string(), count })),
    actions: z.array(z.object({ provider: z.string(), actionType: z.string(), outcome: z.string(), count })),
    providers: z.array(
      z.object({
        provider: z.string(),
        applied: count,
        skipped: count,
        failed: count,
        successRate: z
          .number()
          .min(0)
          .max(1)
          .nullable()
          .meta({ description: 'Applied ÷ applied and failed; null where neither was.' }),
        itemsKeptOut: balance.meta({ description: 'Taken out, less what was brought back in these days.' }),
        secondsKeptOut: balance.meta({ description: 'Playing time of the same, where it is known.' }),
      }),
    ),
  })
  .meta({ id: 'EnforcementFigures' });

export const systemEnforcementRoute = defineRoute({
  method: 'get',
  path: '/analytics/system/enforcement',
  summary: 'How runs and their actions end',
  description:
    'For admins, over everybody, by UTC; the last 30 days without a range, at most 366. Runs count on the day they ended, actions on the day they were settled; what was undone since was applied.',
  tags: ['Analytics'],
  permission: 'admin',
  query: dayQuery,
  responses: { 200: enforcementSchema },
  handler: async (asked) => {
    const range = await daysOf(asked.em, asked.query, { usual: 30, most: 366 });
    const { runs, actions, items, ms } = await auditedRead(asked, 'enforcement', { ...range }, async (tx) => ({
      runs: totals(await systemFigures(tx, { figure: 'runs', ...range })),
      actions: totals(await systemFigures(tx, { figure: 'actions', ...range })),
      items: await systemFigures(tx, { figure: 'items_kept_out', ...range }),
      ms: await systemFigures(tx, { figure: 'ms_kept_out', ...range }),
    }));
    const providers = [...new Set([...actions, ...items].map(({ provider }) => provider))].sort().map((provider) => {
      const of = (outcome: string) =>
        sum(actions.filter((row) => row.provider === provider && row.outcome === outcome));
      const ends = { applied: of('applied'), skipped: of('skipped'), failed: of('failed') };
      const own = (rows: SystemFigureOfDay[]) => sum(rows.filter((row) => row.provider === provider));
      const kept = { itemsKeptOut: own(items), secondsKeptOut: Math.round(own(ms) / 1000) };
      return { provider, ...ends, successRate: successRate(ends), ...kept };
    });
    const body = {
      ...range,
      runs: runs.map(({ provider, kind, outcome, n }) => ({ provider, runType: kind, status: outcome, count: n })),
      actions: actions.map(({ provider, kind, outcome, n }) => ({ provider, actionType: kind, outcome, count: n })),
      providers,
    };
    return { status: 200, body };
  },
});

const sum = (rows: { n: number }[]): number => rows.reduce((total, { n }) => total + n, 0);

/** The figures of all days, by provider, kind and outcome. */
function totals(rows: SystemFigureOfDay[]): Omit<SystemFigureOfDay, 'day'>[] {
  const byName = new Map<string, Omit<SystemFigureOfDay, 'day'>>();
  for (const { provider, kind, outcome, n } of rows) {
    const name = `${provider} ${kind} ${outcome}`;
    byName.set(name, { provider, kind, outcome, n: (byName.get(name)?.n ?? 0) + n });
  }
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
