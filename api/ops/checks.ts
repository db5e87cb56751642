import type { Client } from '@temporalio/client';
import type { Driver } from 'neo4j-driver';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { HealthCheck } from './health';

/** How each engine is asked whether it is there. `neo4j` is null where no address is configured: the graph is then away. */
export function healthChecks(engines: { orm: MikroORM; temporal: Client; neo4j: Driver | null }): HealthCheck[] {
  const { orm, temporal, neo4j } = engines;
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
      check: () => (neo4j ? neo4j.verifyConnectivity() : Promise.reject(new Error('not configured'))),
    },
  ];
}
