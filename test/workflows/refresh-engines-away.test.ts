import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCredentialAccess } from '../../adapters/postgres/credentials';
import { migrate } from '../../adapters/postgres/migrate';
import { createJoinRefresh } from '../../adapters/temporal/join-refresh';
import { createVault } from '../../adapters/vault/vault';
import { lastingPort } from '../support/lasting-port';
import { startPostgres } from '../../dev/engines/postgres';
import { projectRoot } from '../../dev/engines/project-root';
import { startTemporal } from '../../dev/engines/temporal';
import { openStage } from '../support/stage';
import { startSystem, type System } from '../support/system';

/** Engines that go away in the middle of a renewal, and come back: each is one of its own, so that nobody else misses it. */
const suite = process.env.LONG ? describe : describe.skip;
const callers = 5;
const awaySeconds = 30;

const cacheDir = process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines');
const accessTo = (system: System, waitSeconds?: number) =>
  createCredentialAccess({
    orm: system.orm,
    vault: createVault(system.config.VAULT_KEYS),
    joinRefresh: createJoinRefresh(system.client, waitSeconds),
  });
const faultsLeft = async (system: System) => {
  const answer = await fetch(`${system.sandbox.url}/admin/faults`);
  return ((await answer.json()) as { items: unknown[] }).items.length;
};
async function untilFaultIsTaken(system: System): Promise<void> {
  while ((await faultsLeft(system)) > 0) await sleep(20);
}
async function tokenCalls(system: System): Promise<number> {
  const calls = (await system.admin.calls()).filter(({ route }) => route.endsWith('/api/token'));
  return calls.reduce((sum, { count }) => sum + count, 0);
}
async function state(system: System, connectionId: string) {
  const [row] = await system.orm.em.fork().execute<{ health: string; version: number; told: number }[]>(
    `select health, k.version, (select count(*)::int from person_events e where e.user_id = c.user_id and e.type like 'connection.%') as told
         from connections c join credentials k on k.owner_id = c.id where c.id = ?`,
    [connectionId],
  );
  return row;
}

suite('engines that go away in the middle of a renewal (LONG)', () => {
  let folder: string;
  const stops: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dnp-away-'));
    // PostgreSQL may run as another user, which has to get in.
    chmodSync(folder, 0o755);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test(`Temporal, for ${awaySeconds} seconds: who wants a token is told to come again, and a slice does so by itself`, async () => {
    const ports = { port: await lastingPort(), httpPort: await lastingPort(), metricsPort: await lastingPort() };
    const start = () => startTemporal({ dataDir: folder, cacheDir, uiPort: null, ...ports });
    let temporal = await start();
    stops.push(() => temporal.stop());
    const system = await startSystem({
      environment: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'default' },
    });
    stops.push(() => system.close());
    await system.startWorkers();
    const stage = await openStage(system);
    await stage.scene();
    const { connectionId } = stage.person;

    await system.admin.expireTokens(stage.user);
    await system.admin.fault({ service: 'spotify', delayMs: 5_000 });
    const sync = stage.person.sync();
    await untilFaultIsTaken(system);
    await temporal.stop();
    const back = sleep(awaySeconds * 1000);
    const away = await Promise.allSettled(
      Array.from({ length: callers }, () => accessTo(system, 5).forConnection(connectionId, { rejectedVersion: 1 })),
    );
    for (const caller of away)
      expect(caller).toMatchObject({ reason: { failure: 'unavailable', details: { code: 'refresh_pending' } } });
    expect(await tokenCalls(system)).toBe(0);
    await back;
    temporal = await start();

    const served = await Promise.all(
      Array.from({ length: callers }, () => accessTo(system).forConnection(connectionId, { rejectedVersion: 1 })),
    );
    expect(new Set(served.map(({ version }) => version))).toEqual(new Set([2]));
    await sync;
    expect(await tokenCalls(system)).toBe(1);
    expect(await state(system, connectionId)).toEqual({ health: 'healthy', version: 2, told: 0 });
  }, 300_000);

  test('PostgreSQL, between the question and its answer: what came is stored when it is back, and asked for once', async () => {
    const port = await lastingPort();
    const start = () => startPostgres({ dataDir: folder, port, throwaway: true });
    let postgres = await start();
    stops.push(() => postgres.stop());
    await migrate(postgres.ownerUrl);
    const system = await startSystem({
      environment: { DATABASE_URL: postgres.url, PROVIDER_TIMEOUT_SECONDS: '15' },
    });
    stops.push(() => system.close());
    await system.startWorkers();
    const { connectionId } = await system.connect('listener');
    // A second question with the same refresh token would lose the connection.
    await fetch(`${system.sandbox.url}/admin/spotify/apps/sandbox-spotify`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rotateRefreshTokens: true, oldTokenUses: 0 }),
    });
    await system.orm.em
      .fork()
      .execute(`update credentials set access_expires_at = now() - interval '1 minute' where owner_id = ?`, [
        connectionId,
      ]);
    await system.admin.forgetCalls();
    await system.admin.fault({ service: 'spotify-accounts', route: '/api/token', delayMs: 3_000 });

    const waiting = Promise.all(Array.from({ length: callers }, () => accessTo(system).forConnection(connectionId)));
    await untilFaultIsTaken(system);
    await postgres.stop();
    while ((await tokenCalls(system)) === 0) await sleep(50);
    await sleep(2_000);
    postgres = await start();

    const served = await waiting;
    expect(new Set(served.map(({ version }) => version))).toEqual(new Set([2]));
    expect(await tokenCalls(system)).toBe(1);
    expect(await state(system, connectionId)).toEqual({ health: 'healthy', version: 2, told: 0 });
  }, 300_000);
});
