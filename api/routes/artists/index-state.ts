import { indexStanding } from '../../../adapters/catalog-index/standing';
import { indexedTables } from '../../../adapters/catalog-index/tables';
import { lastIndexRun } from '../../../adapters/postgres/index-runs';
import { defineRoute } from '../../route';
import { followRoute } from '../follow-catalog';
import { indexHealthSchema } from './index-schema';

const health = defineRoute({
  method: 'get',
  path: '/artist-index',
  summary: 'How the index of artists stands to the catalog',
  description:
    '`in_step`; `behind`: changes wait for the next run, at most a minute; `drifted`: nothing waits, and yet the counts differ, which a full run mends; `empty`: never made, deleted, or being made anew; `failing`: a table’s rows cannot be made, for a reason that it names, and the others are as they should be; `damaged`: the next run makes it anew; `away`.',
  tags: ['Artists'],
  permission: 'user',
  responses: { 200: indexHealthSchema },
  handler: async ({ em, deps }) => {
    const { state, tables } = await indexStanding(em, deps.vectors, indexedTables(deps.config.styleModel));
    const last = await lastIndexRun(em);
    return {
      status: 200,
      body: {
        state,
        tables:
          tables?.map(({ built, ...table }) => ({
            ...table,
            difference: table.rows === null ? null : table.rows - table.expected,
            rebuilt: built,
          })) ?? null,
        lastRun: last && {
          id: last.id,
          jobId: last.jobId,
          status: last.status,
          tables: last.tables.map(({ table, mode, reason }) => ({ table, mode, reason })),
          counts: last.counts,
          failure: last.failureCode === null ? null : { code: last.failureCode },
          startedAt: last.startedAt.toISOString(),
          finishedAt: last.finishedAt?.toISOString() ?? null,
        },
      },
    };
  },
});

const start = followRoute('index_artists', {
  path: '/artist-index',
  summary: 'Bring the index of artists in step with the catalog now',
  tags: ['Artists'],
});

export const artistIndexRoutes = [health, start];
