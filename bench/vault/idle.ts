import type { Client } from '@temporalio/client';
import type { MikroORM } from '../../adapters/postgres/orm';
import { taskQueues } from '../../adapters/temporal/task-queues';
import type { Vault } from '../../adapters/vault/vault';
import type { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';
import { type Figure, reported } from '../report';
import { makeConnections, realTokens } from './connections';

const idle = 100_000;
/** Of them, those that are due now: the sample by which a day is reckoned. */
const sample = 150;
/** As the worker's schedule has it. */
const runsPerDay = (24 * 60) / 5;

/**
 * A hundred thousand connections that nobody uses. Each is due once a day; one run of maintenance looks at a sample of them, with
 * the others in the same tables, and a day is what that costs each, as many times as there are.
 */
export async function benchIdle(deps: {
  orm: MikroORM;
  vault: Vault;
  client: Client;
  admin: ReturnType<typeof sandboxAdmin>;
  sandboxUrl: string;
}): Promise<Figure[]> {
  const { orm, vault, client, admin } = deps;
  const sql = <T>(statement: string) => orm.em.fork().execute<T[]>(statement);
  await sql(`update credentials set next_check_at = now() + interval '10 days'`);
  await makeConnections(orm, vault, idle - sample, { secondsLeft: -3_600, dueWithin: 86_400 });
  // Nothing of these comes due while the sample is looked at.
  await sql(`update credentials set next_check_at = next_check_at + interval '1 hour'`);
  await makeConnections(orm, vault, sample, {
    secondsLeft: -3_600,
    dueWithin: 0,
    tokens: await realTokens(deps.sandboxUrl, sample),
  });
  await sql(`analyze`);
  await admin.forgetCalls();
  const before = await changedRows(orm);
  const startedBefore = await executions(client);
  const startedAt = performance.now();
  const { looked } = await client.workflow.execute<() => Promise<{ looked: number }>>('maintainConnections', {
    workflowId: 'maintain-connections',
    taskQueue: taskQueues.workflows,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (looked < sample) throw new Error(`Maintenance looked at ${looked} of ${sample}.`);
  const calls = (await admin.calls()).filter(({ service }) => service.startsWith('spotify'));
  const asked = calls.reduce((sum, { count }) => sum + count, 0);
  const rows = (await changedRows(orm)) - before;
  const started = (await executions(client)) - startedBefore;
  const [healthy] = await sql<{ n: number }>(`select count(*)::int as n from connections where health = 'healthy'`);

  const emptyBefore = await changedRows(orm);
  const emptyAt = performance.now();
  await client.workflow.execute('maintainConnections', {
    workflowId: 'maintain-connections',
    taskQueue: taskQueues.workflows,
  });
  const emptyMs = performance.now() - emptyAt;
  const emptyRows = (await changedRows(orm)) - emptyBefore;
  const daily = (each: number) => (each / looked) * idle;
  return [
    reported(`${idle} idle connections: looked at in the sample`, looked, 'connections'),
    reported('healthy afterwards, of all', healthy?.n ?? 0, 'connections'),
    reported('the sample took', seconds, 's'),
    reported('a run that finds nothing due', emptyMs, 'ms'),
    reported('a day: provider calls', daily(asked), 'calls'),
    reported('a day: workflow starts', runsPerDay + daily(started - 1), 'workflows'),
    reported('a day: rows written', daily(rows) + runsPerDay * emptyRows, 'rows'),
    reported('a day: looked at one by one at the sample’s pace', ((seconds / looked) * idle) / 3_600, 'h'),
  ];
}

async function executions(client: Client): Promise<number> {
  // What was started a moment ago shows a moment later.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return (await client.workflow.count()).count;
}

/** Rows inserted, updated and deleted so far, as the server's statistics have it once its sessions were idle for a moment. */
async function changedRows(orm: MikroORM): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const [row] = await orm.em
    .fork()
    .execute<{ rows: string }[]>(
      `select sum(n_tup_ins + n_tup_upd + n_tup_del)::text as rows from pg_stat_user_tables`,
    );
  return Number(row?.rows ?? 0);
}
