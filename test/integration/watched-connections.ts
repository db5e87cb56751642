import { createHealthActivities } from '../../activities/connection-health';
import { createMaintenanceActivities, type BatchResult } from '../../activities/connection-health-maintenance';
import { createProbe } from '../../activities/connection-health-probe';
import { createRenewal, type RenewOnce } from '../../activities/renew-credential';
import { changeHealth, type HealthChange, type OnHealthChange } from '../../adapters/postgres/connection-health';
import { Connection, User } from '../../adapters/postgres/entities';
import { newId } from '../../adapters/postgres/ids';
import { createProviderGate } from '../../adapters/postgres/provider-gate';
import { createAppleMusic } from '../../adapters/providers/apple-music/apple-music';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import { createSpotifyClient } from '../../adapters/providers/spotify/client';
import { startHarness, type Harness } from './credentials-harness';

export const healthy = { health: 'healthy', healthCode: null };

/** The refresh's harness, with what looks at connections over it. */
export interface WatchedConnections extends Harness {
  renewOnce: RenewOnce;
  /** Changes of health, since the last calm. */
  changes: HealthChange[];
  onHealthChange: OnHealthChange;
  /** Nothing is wrong, nothing is due and nothing has changed yet. */
  calm(): Promise<void>;
  sql(text: string, values?: unknown[]): Promise<unknown>;
  /** A look because somebody asks. */
  check(id: string, lastTry?: boolean): Promise<{ result: string; code: string | null }>;
  /** A batch of what is due. */
  maintain(): Promise<BatchResult>;
  due(id: string): Promise<unknown>;
  /** Types of what the person was told of a connection, in order. */
  told(id: string): Promise<string[]>;
  /** What the person has not read yet of it. */
  unread(id: string): Promise<unknown>;
  /** A new consent, as the person gives it. */
  reconsent(id: string): Promise<HealthChange | null>;
  connectApple(user: string): Promise<string>;
}

export async function watchConnections(): Promise<WatchedConnections> {
  const at = await startHarness();
  const { orm, vault, config } = at;
  const changes: HealthChange[] = [];
  const onHealthChange: OnHealthChange = (change) => void changes.push(change);
  const gate = createProviderGate(orm, { callsPerSecond: 500 });
  const apple = createAppleMusic(config, { gate, onDeveloperTokenRejected: () => undefined });
  const renewOnce = createRenewal({ orm, vault, providers: oauthProviders(config), onHealthChange });
  const spotify = createSpotifyClient({ apiUrl: config.spotify?.apiUrl ?? '', gate, timeoutSeconds: 2 });
  const appleMusic = apple?.client ?? null;
  const probe = createProbe({ orm, vault, spotify, appleMusic, renewOnce, onHealthChange, secondTrySeconds: 0.1 });
  const { probeConnection } = createHealthActivities({ orm, onHealthChange, probe });
  const { maintainBatch } = createMaintenanceActivities({
    orm,
    probe,
    renewOnce,
    onHealthChange,
    callsPerSecond: 5000,
  });
  const sql = (text: string, values: unknown[] = []) => orm.em.fork().execute(text, values);

  async function appleToken(user: string): Promise<string> {
    const developerToken = (await apple?.tokens.current())?.token ?? '';
    const answer = await fetch(`${at.sandbox.url}/apple-music/authorize`, {
      method: 'POST',
      body: new URLSearchParams({ user, decision: 'approve', developer_token: developerToken }),
      headers: { accept: 'application/json' },
    });
    return ((await answer.json()) as { musicUserToken: string }).musicUserToken;
  }

  return {
    ...at,
    renewOnce,
    changes,
    onHealthChange,
    sql,
    async calm() {
      changes.length = 0;
      await at.admin('DELETE', '/faults');
      await at.admin('PUT', '/spotify/apps/sandbox-spotify', {
        ownerHasPremium: true,
        registeredUsers: null,
        rotateRefreshTokens: null,
        oldTokenUses: 0,
      });
      await sql(`delete from provider_gates`);
      await sql(`update credentials set next_check_at = null`);
    },
    check: (connectionId, lastTry = true) => probeConnection({ connectionId, lastTry }),
    maintain: () => maintainBatch({ limit: 20, without: [] }),
    due: (id) => sql(`update credentials set next_check_at = now() where owner_id = ?`, [id]),
    async told(id) {
      const rows = await orm.em
        .fork()
        .execute<{ type: string }[]>(`select type from person_events where params->>'connectionId' = ? order by id`, [
          id,
        ]);
      return rows.map(({ type }) => type);
    },
    unread: (id) =>
      sql(`select type, params->>'code' as code from notifications where subject_id = ? and read_at is null`, [id]),
    reconsent: (id) =>
      orm.em.fork().transactional((tx) => changeHealth(tx, { connectionId: id, finding: { proof: 'consent' } })),
    async connectApple(user) {
      const [userId, id] = [newId(), newId()];
      const em = orm.em.fork();
      em.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }, { persist: true });
      await em.flush();
      em.create(
        Connection,
        {
          id,
          userId,
          provider: 'apple_music',
          accountId: `apple-${id}`,
          accountUserId: user,
          accountName: 'Somebody',
          clientId: 'apple',
          quota: 'apple',
          scopes: [],
          consentedAt: new Date(),
          createdAt: new Date(),
        },
        { persist: true },
      );
      await em.flush();
      const tokens = { accessToken: await appleToken(user), refreshToken: null, expiresInSeconds: null };
      await at.store.save(em, { id, type: 'connection', provider: 'apple_music' }, tokens);
      return id;
    },
  };
}
