import { createCredentialAccess } from '../../adapters/postgres/credentials';
import { createJoinRefresh } from '../../adapters/temporal/join-refresh';
import { createVault } from '../../adapters/vault/vault';
import { type KillPoint, nameOf } from '../support/kill-points';
import { startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/**
 * A worker dies by SIGKILL in the middle of a renewal that a dozen callers wait for; another one takes it over. What then is
 * left depends on whether the provider had answered, and on whether it still takes the refresh token that it has replaced.
 */
const call = (when: KillPoint['when']): KillPoint => ({ kind: 'call', when, label: 'POST /spotify/api/token', n: 1 });
const statement = (when: KillPoint['when'], label: string): KillPoint => ({ kind: 'statement', when, label, n: 1 });
const takesOldToken = { rotateRefreshTokens: true, oldTokenUses: 1 };
const endsOldToken = { rotateRefreshTokens: true, oldTokenUses: 0 };
const most = 12;

let system: System;
beforeAll(async () => {
  system = await startSystem({ environment: { PROVIDER_TIMEOUT_SECONDS: '5' } });
}, 120_000);
afterAll(() => system?.close());

const rows = <T>(sql: string, values: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, values);

async function setApp(settings: object): Promise<void> {
  const answer = await fetch(`${system.sandbox.url}/admin/spotify/apps/sandbox-spotify`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** How the callers fared, and what is left of the connection. */
async function dieWhileRenewing(user: string, app: object, kill: KillPoint) {
  await setApp(app);
  const { connectionId, userId } = await system.connect(user);
  await rows(`update credentials set access_expires_at = now() - interval '1 minute' where owner_id = ?`, [
    connectionId,
  ]);
  await system.admin.forgetCalls();
  const access = createCredentialAccess({
    orm: system.orm,
    vault: createVault(system.config.VAULT_KEYS),
    joinRefresh: createJoinRefresh(system.client),
  });
  const [victim, heir] = await Promise.all([startVictim(system), startVictim(system)]);
  try {
    victim.work(kill);
    const callers = Promise.allSettled(Array.from({ length: most }, () => access.forConnection(connectionId)));
    const died = await Promise.race([victim.gone.then(() => true), callers.then(() => false)]);
    expect(died ? [] : victim.steps()).toEqual([]);
    heir.work(null);
    const ended = await callers;
    const served = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    const tokenCalls = (await system.admin.calls()).filter(({ route }) => route.endsWith('/api/token'));
    const [connection] = await rows<{ health: string; code: string | null; version: number }>(
      `select health, health_code as code, k.version from connections c join credentials k on k.owner_id = c.id where c.id = ?`,
      [connectionId],
    );
    return {
      served,
      refused,
      tokenCalls: tokenCalls.reduce((sum, { count }) => sum + count, 0),
      connection,
      told: (await rows<{ type: string }>(`select type from person_events where user_id = ?`, [userId])).map(
        ({ type }) => type,
      ),
      notifications: await rows(`select type, params->>'code' as code from notifications where user_id = ?`, [userId]),
      audited: await rows(`select event from audit_entries where subject_id = ? and event like 'connection.%'`, [
        connectionId,
      ]),
    };
  } finally {
    await Promise.all([victim.kill(), heir.kill()]);
  }
}

type Seen = Awaited<ReturnType<typeof dieWhileRenewing>>;
async function expectKept({ served, refused, connection, told, audited }: Seen): Promise<void> {
  expect(refused).toEqual([]);
  expect(served).toHaveLength(most);
  expect(new Set(served.map(({ accessToken }) => accessToken)).size).toBe(1);
  expect(connection).toEqual({ health: 'healthy', code: null, version: 2 });
  expect([told, audited]).toEqual([[], []]);
  const profile = await fetch(`${system.sandbox.url}/spotify/v1/me`, {
    headers: { authorization: `Bearer ${served[0]?.accessToken}` },
  });
  expect(profile.status).toBe(200);
}

describe('a worker killed in the middle of a renewal', () => {
  const answered = call('after');
  const asking = call('before');
  const written = statement('after', 'replace');

  it(`${nameOf(answered)}, and the old token is still taken: the connection works, and all are served`, async () => {
    const seen = await dieWhileRenewing('listener', takesOldToken, answered);
    await expectKept(seen);
    expect(seen.tokenCalls).toBe(2);
  }, 120_000);

  it(`${nameOf(answered)}, and the old token is dead: the person is asked to reconnect, once`, async () => {
    const seen = await dieWhileRenewing('second-listener', endsOldToken, answered);
    expect(seen.served).toEqual([]);
    for (const reason of seen.refused)
      expect(reason).toMatchObject({ failure: 'unauthorized', details: { code: 'needs_reconnect' } });
    expect(seen.connection).toEqual({ health: 'needs_reconnect', code: 'refresh_rejected', version: 1 });
    expect(seen.tokenCalls).toBe(2);
    expect(seen.told).toEqual(['connection.needs_reconnect']);
    expect(seen.notifications).toEqual([{ type: 'connection.needs_reconnect', code: 'refresh_rejected' }]);
    expect(seen.audited).toEqual([{ event: 'connection.needs_reconnect' }]);
  }, 120_000);

  (process.env.LONG ? it : it.skip)(
    `${nameOf(asking)}: nothing is lost, although no old token would be taken`,
    async () => {
      const seen = await dieWhileRenewing('moderator', endsOldToken, asking);
      await expectKept(seen);
      expect(seen.tokenCalls).toBe(1);
    },
    120_000,
  );

  (process.env.LONG ? it : it.skip)(
    `${nameOf(written)}: what is stored is used, and the provider is not asked again`,
    async () => {
      const seen = await dieWhileRenewing('reviewer', endsOldToken, written);
      await expectKept(seen);
      expect(seen.tokenCalls).toBe(1);
    },
    120_000,
  );
});
