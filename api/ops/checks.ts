import type { Client } from '@temporalio/client';
import type { VectorDatabase } from '../../adapters/lancedb/database';
import type { Graph } from '../../adapters/neo4j/graph';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { HealthCheck } from './health';

/** How each engine is asked whether it is there. `graph` is null where no address is configured: the graph is then away. */
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
  ];
}
