import { Registry } from 'prom-client';
import { Connection, User } from '../../adapters/postgres/entities';
import { newId } from '../../adapters/postgres/ids';
import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { createProviderGate } from '../../adapters/postgres/provider-gate';
import { enqueueStart } from '../../adapters/postgres/outbox';
import { openCase } from '../../adapters/postgres/moderation-cases';
import { connectionGauge } from '../../adapters/telemetry/connection-gauge';
import { rowGauges } from '../../adapters/telemetry/row-gauges';
import { createTestDatabase, type TestDatabase } from '../support/engines';

let database: TestDatabase;
let orm: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm(database.url, { max: 2 });
  const userId = newId();
  const em = orm.em.fork();
  em.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }, { persist: true });
  await em.flush();
  for (const [provider, health] of [
    ['spotify', 'healthy'],
    ['spotify', 'healthy'],
    ['spotify', 'needs_reconnect'],
    ['apple_music', 'expiring'],
  ] as const) {
    const id = newId();
    const account = { accountId: id, accountUserId: id, accountName: 'Somebody', clientId: 'app', quota: 'app' };
    const about = { id, userId, provider, health, scopes: [], consentedAt: new Date(), createdAt: new Date() };
    em.create(Connection, { ...account, ...about }, { persist: true });
  }
  await em.flush();
});
afterAll(async () => {
  await orm?.close(true);
});

/** An ORM whose transactions do something else, and how many were asked for. */
function withTransactions(transactional: () => Promise<unknown>) {
  const seen = { asked: 0 };
  const fork = () => ({
    transactional: () => {
      seen.asked += 1;
      return transactional();
    },
  });
  return { seen, orm: { em: { fork } } as unknown as MikroORM };
}
const linesOf = async (registry: Registry, name = 'dnp_connections') =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
const sql = (statement: string, values: unknown[] = []) => orm.em.fork().execute(statement, values);
/** What a fresh look at the rows says of one metric, by its labels. */
async function looked(name: string): Promise<Record<string, number>> {
  const registry = new Registry();
  rowGauges(registry, orm);
  const metric = (await registry.getMetricsAsJSON()).find((one) => one.name === name);
  return Object.fromEntries(metric?.values.map(({ labels, value }) => [Object.values(labels).join(' '), value]) ?? []);
}

it('counts connections by provider and health', async () => {
  const registry = new Registry();
  connectionGauge(registry, orm);
  expect((await linesOf(registry)).sort()).toEqual([
    'dnp_connections{provider="apple_music",health="expiring"} 1',
    'dnp_connections{provider="spotify",health="healthy"} 2',
    'dnp_connections{provider="spotify",health="needs_reconnect"} 1',
  ]);
});

it('counts once for many who ask at the same time', async () => {
  const registry = new Registry();
  const { seen, orm: counting } = withTransactions(() =>
    Promise.resolve([{ provider: 'spotify', health: 'healthy', n: 3 }]),
  );
  connectionGauge(registry, counting);
  await Promise.all(Array.from({ length: 5 }, () => linesOf(registry)));
  expect(await linesOf(registry)).toEqual(['dnp_connections{provider="spotify",health="healthy"} 3']);
  expect(seen.asked).toBe(1);
});

it.each([
  ['is away', () => Promise.reject(new Error('away'))],
  ['does not answer', () => new Promise<never>(() => undefined)],
])('lets a scrape go on where the database %s, and is asked again', async (_, transactional) => {
  const registry = new Registry();
  const { orm: silent } = withTransactions(transactional);
  connectionGauge(registry, silent);
  expect(await linesOf(registry)).toEqual([]);
  expect(await registry.metrics()).toContain('# HELP dnp_connections');
});

it('says whether calls go out to each provider, whatever becomes of somebody’s own app', async () => {
  expect(await looked('dnp_provider_gate_open')).toEqual({ spotify: 1, apple_music: 1 });
  const gate = createProviderGate(orm, { callsPerSecond: 10 });
  await gate.take('ours', 'spotify');
  await gate.reportRateLimited('own:somebodys', 'spotify', 600);
  expect(await looked('dnp_provider_gate_open')).toEqual({ spotify: 1, apple_music: 1 });
  await gate.reportRateLimited('second', 'spotify', 600);
  expect(await looked('dnp_provider_gate_open')).toEqual({ spotify: 0, apple_music: 1 });
  await sql(`update provider_gates set closed_until = clock_timestamp(), closed_by_admin = quota = 'ours'`);
  expect(await looked('dnp_provider_gate_open')).toEqual({ spotify: 0, apple_music: 1 });
  await sql(`update provider_gates set closed_by_admin = false`);
  expect(await looked('dnp_provider_gate_open')).toEqual({ spotify: 1, apple_music: 1 });
});

it('counts jobs by type and status, also where there are none', async () => {
  for (const status of ['failed', 'failed', 'queued'])
    await sql(
      `insert into jobs (id, user_id, type, subject_type, workflow_id, status) select ?, id, 'plan', 'plan', 'made-up', ? from users limit 1`,
      [newId(), status],
    );
  const jobs = await looked('dnp_jobs');
  expect(Object.entries(jobs).filter(([, n]) => n > 0)).toEqual([
    ['plan queued', 1],
    ['plan failed', 2],
  ]);
  expect(jobs).toMatchObject({ 'enforce running': 0, 'appeal completed': 0 });
});

it('says how many starts wait, and for how long', async () => {
  expect([await looked('dnp_outbox_waiting'), await looked('dnp_outbox_oldest_seconds')]).toEqual([
    { '': 0 },
    { '': 0 },
  ]);
  for (const workflowId of ['first', 'second', 'third']) {
    const em = orm.em.fork();
    const searchAttributes = { userId: newId(), jobType: 'plan' };
    enqueueStart(em, { workflowType: 'plan', workflowId, input: {}, searchAttributes, requestId: null });
    await em.flush();
  }
  await sql(`update outbox set created_at = now() - interval '1 hour' where workflow_id = 'first'`);
  await sql(`update outbox set created_at = now() - interval '1 day', started_at = now() where workflow_id = 'second'`);
  expect(await looked('dnp_outbox_waiting')).toEqual({ '': 2 });
  const { '': oldest = 0 } = await looked('dnp_outbox_oldest_seconds');
  expect(oldest).toBeGreaterThanOrEqual(3_600);
  expect(oldest).toBeLessThan(86_400);
});

it('counts cases by state, and knows the oldest that a moderator has to decide', async () => {
  const none = { open: 0, in_review: 0, changes_requested: 0, decided: 0 };
  expect(await looked('dnp_moderation_cases')).toEqual(none);
  expect(await looked('dnp_moderation_cases_oldest_seconds')).toEqual({ '': 0 });
  for (const [state, hours] of [
    ['open', 1],
    ['in_review', 2],
    ['changes_requested', 30],
    ['decided', 40],
  ] as const) {
    const about = { subjectType: 'offense', subjectId: newId(), origin: 'submission' } as const;
    const caseId = await orm.em
      .fork()
      .transactional((tx) => openCase(tx, { ...about, actorId: null, requestId: null }));
    await sql(
      `update moderation_cases set state = ?, opened_at = now() - make_interval(hours => ?), decided_at = case when ? = 'decided' then now() end where id = ?`,
      [state, hours, state, caseId],
    );
  }
  expect(await looked('dnp_moderation_cases')).toEqual({ open: 1, in_review: 1, changes_requested: 1, decided: 1 });
  const { '': oldest = 0 } = await looked('dnp_moderation_cases_oldest_seconds');
  expect(oldest).toBeGreaterThanOrEqual(2 * 3_600);
  expect(oldest).toBeLessThan(30 * 3_600);
});
