import { reportProbe } from '../../activities/connection-health-probe';
import { claimChecks } from '../../adapters/postgres/credential-checks';
import { Connection } from '../../adapters/postgres/entities';
import { healthy, watchConnections, type WatchedConnections } from './watched-connections';

const accounts = (more: object) => ({ service: 'spotify-accounts', method: 'POST', ...more });
const signal = new AbortController().signal;

describe('a connection that is looked after', () => {
  let at: WatchedConnections;
  beforeAll(async () => {
    at = await watchConnections();
  });
  afterAll(() => at?.close());
  beforeEach(() => at.calm());

  it('keeps a connection whose worker died between the answer and the write, where the old token is still taken', async () => {
    const id = await at.connect(0);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { rotateRefreshTokens: true, oldTokenUses: 1 });
    await at.admin('POST', '/faults', accounts({ dropAnswer: true }));
    await expect(at.renewOnce({ ownerId: id, version: 1 }, 'dead', signal)).resolves.toMatchObject({
      outcome: 'again',
    });
    await expect(at.renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toEqual({ outcome: 'refreshed' });
    await expect(at.health(id)).resolves.toEqual(healthy);
  });

  it('says honestly that the person is needed where it is not', async () => {
    const id = await at.connect(0);
    await at.admin('PUT', '/spotify/apps/sandbox-spotify', { rotateRefreshTokens: true, oldTokenUses: 0 });
    await at.admin('POST', '/faults', accounts({ dropAnswer: true }));
    await at.renewOnce({ ownerId: id, version: 1 }, 'dead', signal);
    await expect(at.renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toEqual({
      outcome: 'needs_reconnect',
    });
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'refresh_rejected' });
  });

  it('is renewed by one at a time: another waits for the lease, and takes it when its holder is not heard of', async () => {
    const id = await at.connect(0);
    await at.sql(
      `update credentials set lease_holder = 'dead', leased_until = now() + interval '1 minute' where owner_id = ?`,
      [id],
    );
    await expect(at.renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toMatchObject({
      outcome: 'again',
    });
    expect(await at.tokenCalls()).toBe(0);
    await at.sql(`update credentials set leased_until = now() - interval '1 second' where owner_id = ?`, [id]);
    await expect(at.renewOnce({ ownerId: id, version: 1 }, 'next', signal)).resolves.toEqual({ outcome: 'refreshed' });
  });

  it('never comes back by a renewal that ends after the disconnect', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/faults', accounts({ delayMs: 500 }));
    const late = at.renewOnce({ ownerId: id, version: 1 }, 'late', signal);
    await at.sql(`select pg_sleep(0.2)`);
    await at.sql(`delete from credentials where owner_id = ?`, [id]);
    await expect(late).resolves.toEqual({ outcome: 'gone' });
    expect(await at.store.read(id)).toBeNull();
  });

  it('leaves a provider that is away alone after three silences, flips nobody, and comes back to everybody later', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await at.connect(3600));
    for (const id of ids) await at.due(id);
    await at.admin('DELETE', '/calls');
    await at.admin('POST', '/faults', { service: 'spotify', status: 503, times: 100 });
    await expect(at.maintain()).resolves.toMatchObject({ looked: 3, without: ['spotify:test'] });
    for (const id of ids) await expect(at.health(id)).resolves.toEqual(healthy);
    const soon = await at.orm.em
      .fork()
      .execute<{ n: string }[]>(
        `select count(*) as n from credentials where next_check_at between now() + interval '10 minutes' and now() + interval '31 minutes'`,
      );
    expect(Number(soon[0]?.n)).toBe(6);
    await expect(at.maintain()).resolves.toMatchObject({ looked: 0 });
  });

  it('is looked at by one worker at a time, and again within a quarter of an hour where that one died', async () => {
    const id = await at.connect(3600);
    await at.due(id);
    await at.admin('DELETE', '/calls');
    const taken = await claimChecks(at.orm.em.fork(), { limit: 20, without: [] });
    expect(taken.map(({ ownerId }) => ownerId)).toEqual([id]);
    await expect(at.maintain()).resolves.toMatchObject({ looked: 0 });
    const [soon] = await at.orm.em
      .fork()
      .execute<{ soon: boolean }[]>(
        `select next_check_at between now() and now() + interval '15 minutes' as soon from credentials where owner_id = ?`,
        [id],
      );
    expect(soon).toEqual({ soon: true });
    await at.sql(`update credentials set next_check_at = next_check_at - interval '15 minutes' where owner_id = ?`, [
      id,
    ]);
    await expect(at.maintain()).resolves.toMatchObject({ looked: 1 });
    await expect(at.maintain()).resolves.toMatchObject({ looked: 0 });
  });

  it('is looked at once a day at its own time, and not again before twelve hours are over', async () => {
    const id = await at.connect(3600);
    await at.due(id);
    await at.maintain();
    const [row] = await at.orm.em
      .fork()
      .execute<{ hours: string }[]>(
        `select extract(epoch from next_check_at - now()) / 3600 as hours from credentials where owner_id = ?`,
        [id],
      );
    expect(Number(row?.hours)).toBeGreaterThanOrEqual(11.9);
    expect(Number(row?.hours)).toBeLessThanOrEqual(36);
  });

  it('writes nothing where nothing changed', async () => {
    const id = await at.connect(3600);
    const before = (await at.orm.em.fork().findOneOrFail(Connection, { id })).version;
    await reportProbe(at, id, { result: 'working' }, { settled: true });
    expect((await at.orm.em.fork().findOneOrFail(Connection, { id })).version).toBe(before);
    expect(at.changes).toEqual([]);
  });
});
