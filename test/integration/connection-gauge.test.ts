import { Registry } from 'prom-client';
import { Connection, User } from '../../adapters/postgres/entities';
import { newId } from '../../adapters/postgres/ids';
import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { connectionGauge } from '../../adapters/telemetry/connection-gauge';
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
  await database?.drop();
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
const linesOf = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith('dnp_connections'));

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
