import { z } from 'zod';
import { countGraph } from '../../../adapters/neo4j/graph-counts';
import { graphRecord } from '../../../adapters/neo4j/graph-state';
import { countChanged } from '../../../adapters/postgres/catalog-feed';
import { countedCatalog } from '../../../adapters/postgres/graph-counts';
import { listGraphSyncs } from '../../../adapters/postgres/graph-syncs';
import { graphShape } from '../../../domain/artist-graph';
import { DomainError } from '../../../domain/errors';
import { driftOf, graphState } from '../../../domain/graph-sync';
import type { Dependencies } from '../../dependencies';
import { decodeCursor, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';
import { followRoute } from '../follow-catalog';
import { ageOf, presentSync, readGraph, requireGraph } from './graph-answers';
import { graphSyncSchema, healthSchema, statsSchema } from './schema';

const stats = defineRoute({
  method: 'get',
  path: '/graph/stats',
  summary: 'How large and how dense the graph is',
  tags: ['Graph'],
  permission: 'user',
  responses: { 200: statsSchema },
  handler: async ({ deps }) => {
    const { found, sync } = await readGraph(deps, async (tx) => ({
      counts: await countGraph(tx),
      components: (await graphRecord(tx))?.components ?? null,
    }));
    const { artists, tracks, albums, collaborations, credits } = found.counts;
    return {
      status: 200,
      body: {
        nodes: { artists, tracks, albums },
        edges: { collaborations, credits },
        ...graphShape({ artists, collaborations }),
        components: found.components && {
          ...found.components,
          measuredAt: found.components.measuredAt.toISOString(),
        },
        sync,
      },
    };
  },
});

const health = defineRoute({
  method: 'get',
  path: '/graph/health',
  summary: 'How the graph stands to the catalog',
  description:
    '`in_step`; `behind`: changes wait for the next sync, at most a minute; `drifted`: nothing waits, and yet the counts differ, which a full sync mends; `empty`: never synced, or emptied; `away`. The catalog is counted once a minute at most.',
  tags: ['Graph'],
  permission: 'user',
  responses: { 200: healthSchema },
  handler: async ({ em, deps }) => {
    const [last] = await listGraphSyncs(em, { limit: 1, after: null });
    const lastSync = last ? presentSync(last) : null;
    const held = await inGraph(deps);
    if (!held) {
      const unknown = {
        drift: null,
        countedAt: null,
        pending: null,
        generation: null,
        syncedAt: null,
        fullSyncAt: null,
      };
      return { status: 200, body: { state: 'away' as const, ...unknown, lastSync } };
    }
    const { counts, record } = held;
    const complete = ageOf(record).complete;
    const counted = await countedCatalog(em);
    const drift = counted.counts && driftOf(counted.counts, counts);
    const pending = await countChanged(em, 'graph', { from: record?.watermark ?? null, until: null });
    return {
      status: 200,
      body: {
        state: graphState({ complete, pending, drift: drift ?? [] }),
        drift,
        countedAt: counted.countedAt?.toISOString() ?? null,
        pending,
        generation: record?.generation ?? 0,
        syncedAt: record?.syncedAt?.toISOString() ?? null,
        fullSyncAt: record?.fullAt?.toISOString() ?? null,
        lastSync,
      },
    };
  },
});

/** Null where the graph is away, which is no failure of this question. */
async function inGraph(deps: Dependencies) {
  try {
    return await requireGraph(deps).read(async (tx) => ({
      counts: await countGraph(tx),
      record: await graphRecord(tx),
    }));
  } catch (error) {
    if (error instanceof DomainError && error.code === 'graph_unavailable') return null;
    throw error;
  }
}

const syncPlace = z.object({ startedAt: moment, id: z.uuid() });

const syncs = defineRoute({
  method: 'get',
  path: '/graph/sync',
  summary: 'Syncs of the graph',
  description: 'Newest first, of the last month; those by the clock that found nothing to do are left out.',
  tags: ['Graph'],
  permission: 'user',
  query: pageQuery,
  responses: { 200: pageOf(graphSyncSchema) },
  handler: async ({ query: { limit, cursor }, em }) => {
    const after = decodeCursor(cursor, syncPlace);
    const rows = await listGraphSyncs(em, { limit: limit + 1, after });
    const page = makePage(rows, {
      limit,
      present: presentSync,
      position: ({ id, startedAt }) => ({ startedAt: startedAt.toISOString(), id }),
      first: after === null,
      emptyReason: 'never_synced',
    });
    return { status: 200, body: page };
  },
});

const start = followRoute('sync_graph', {
  path: '/graph/sync',
  summary: 'Bring the graph in step with the catalog now',
  tags: ['Graph'],
  verify: (deps) => requireGraph(deps).verify(),
});

export const graphStateRoutes = [stats, health, syncs, start];
