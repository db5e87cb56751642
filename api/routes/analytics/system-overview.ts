import { z } from 'zod';
import { appVersion } from '../../../adapters/environment/app-version';
import { databaseNow } from '../../../adapters/postgres/clock';
import { waitingStarts } from '../../../adapters/postgres/outbox';
import { recentHours, systemOverview } from '../../../adapters/postgres/system-overview';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';
import { auditedRead } from './audited-read';

const count = z.int().nonnegative();
const byStatus = z.array(z.object({ status: z.string(), count }));

const overviewSchema = z
  .object({
    at: moment,
    people: z.object({ total: count, joinedLately: count, connected: count, suspended: count }),
    connections: z.array(z.object({ provider: z.string(), health: z.string(), count })),
    runs: z.object({ open: byStatus, endedLately: byStatus }),
    jobs: z.object({
      open: z.array(z.object({ type: z.string(), status: z.string(), count })),
      failedLately: z.array(z.object({ type: z.string(), code: z.string(), count })),
    }),
    starts: z.object({ waiting: count, oldestSeconds: z.number().nonnegative() }).meta({
      description: 'Workflows that were written down and have not been started.',
    }),
    versions: z.object({
      app: z.string(),
      schema: z.string().meta({ description: 'The last migration.' }),
      node: z.string().meta({ description: 'Of the API that answers.' }),
      postgres: z.string(),
    }),
  })
  .meta({ id: 'SystemOverview' });

const app = appVersion();

export const systemOverviewRoute = defineRoute({
  method: 'get',
  path: '/analytics/system/overview',
  summary: 'How the system stands',
  description: `For admins, from the rows of this moment; lately means within ${recentHours} hours.`,
  tags: ['Analytics'],
  permission: 'admin',
  responses: { 200: overviewSchema },
  handler: async (asked) => {
    const { at, starts, overview } = await auditedRead(asked, 'overview', {}, async (tx) => ({
      at: await databaseNow(tx),
      starts: await waitingStarts(tx),
      overview: await systemOverview(tx),
    }));
    const body = {
      ...overview,
      at: at.toISOString(),
      starts: { waiting: starts.count, oldestSeconds: starts.oldestSeconds },
      versions: { app, node: process.versions.node, ...overview.versions },
    };
    return { status: 200, body };
  },
});
