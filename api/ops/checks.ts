import type { Client } from '@temporalio/client';
import type { VectorDatabase } from '../../adapters/lancedb/database';
import type { Graph } from '../../adapters/neo4j/graph';
import { countUnsealed } from '../../adapters/postgres/audit-seals';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { HealthCheck } from './health';

/** Rejects where rows of the audit have waited too long for their seals. */
async function sealingInTime(orm: MikroORM): Promise<void> {
  if ((await countUnsealed(orm.em.fork())).late) throw new Error('late');
}

/** How each engine is asked whether it is there, and whether the audit is sealed in time. `graph` is null where no address is configured: the graph is then away. */
export function healthChecks(engines: {
  orm: MikroORM;
  temporal: Client;
  graph: Graph | null;
  vectors: VectorDatabase;
}): HealthCheck[] {
  const { orm, temporal, graph, vectors } = engines;
  return [
    { name: 'postgresql', required: true, check: () => orm.em.fork().execute('select 1') },
    {
      name: 'temporal',
      required: true,
      check: () => temporal.withDeadline(Date.now() + 2_000, () => temporal.workflowService.getSystemInfo({})),
    },
    {
      name: 'neo4j',
      required: false,
      check: () => (graph ? graph.verify() : Promise.reject(new Error('not configured'))),
    },
    { name: 'lancedb', required: false, check: () => vectors.verify() },
    { name: 'audit-seal', required: false, check: () => sealingInTime(orm) },
  ];
}
