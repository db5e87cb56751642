import { NativeConnection, Worker } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { createCredentialActivities } from '../../activities/credentials';
import { loadConfig, type Config } from '../../adapters/environment/config';
import {
  createCredentialAccess,
  createCredentialStore,
  type CredentialAccess,
  type CredentialStore,
} from '../../adapters/postgres/credentials';
import { Connection, User } from '../../adapters/postgres/entities';
import { newId } from '../../adapters/postgres/ids';
import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { openTemporal } from '../../adapters/temporal/client';
import { createJoinRefresh } from '../../adapters/temporal/join-refresh';
import { createVault, type Vault } from '../../adapters/vault/vault';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import {
  createTestDatabase,
  temporalAddress,
  temporalNamespace,
  workflowBundle,
  type TestDatabase,
} from '../support/engines';
import { spotifyTokens } from '../support/spotify-consent';
import { admin } from './sandbox/visitor';

/** What the refresh needs of the system and no more: vault, workflow, its activities, a sandbox. */
export interface Harness {
  config: Config;
  orm: MikroORM;
  client: Client;
  vault: Vault;
  store: CredentialStore;
  access: CredentialAccess;
  sandbox: Sandbox;
  admin: ReturnType<typeof admin>;
  /** How tries ended, in their order. */
  refreshes: string[];
  /** A connection whose access token was issued by the sandbox, with that many seconds left. */
  connect(secondsLeft: number): Promise<string>;
  /** Calls of the sandbox's token endpoint since the last fresh start. */
  tokenCalls(): Promise<number>;
  health(connectionId: string): Promise<{ health: string; healthCode: string | null }>;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const database: TestDatabase = await createTestDatabase();
  const namespace = await temporalNamespace();
  const sandbox = await startSandbox();
  const config = loadConfig({
    SANDBOX_URL: sandbox.url,
    VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`,
    PROVIDER_TIMEOUT_SECONDS: '2',
  });
  const orm = await openOrm(database.url, { max: 20 });
  const client = await openTemporal({ address: temporalAddress(), namespace });
  const vault = createVault(config.VAULT_KEYS);
  const store = createCredentialStore(orm, vault);
  const refreshes: string[] = [];
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const activities = createCredentialActivities({
    orm,
    vault,
    providers: oauthProviders(config),
    onRefresh: ({ outcome }) => refreshes.push(outcome),
  });
  const workers = await Promise.all([
    Worker.create({ connection, namespace, taskQueue: 'workflows', workflowBundle: workflowBundle() }),
    Worker.create({ connection, namespace, taskQueue: 'credentials', activities }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  let connected = 0;

  return {
    config,
    orm,
    client,
    vault,
    store,
    access: createCredentialAccess({ orm, vault, joinRefresh: createJoinRefresh(client, 30) }),
    sandbox,
    admin: admin(sandbox.url),
    refreshes,

    async connect(secondsLeft) {
      const [userId, connectionId] = [newId(), newId()];
      const tokens = await spotifyTokens(sandbox.url, 'listener', spotifyScopes);
      connected += 1;
      const em = orm.em.fork();
      em.create(User, { id: userId, displayName: 'Somebody', createdAt: new Date() }, { persist: true });
      await em.flush();
      em.create(
        Connection,
        {
          id: connectionId,
          userId,
          provider: 'spotify',
          accountId: `account-${connected}`,
          accountUserId: 'listener',
          accountName: 'Somebody',
          clientId: 'sandbox-spotify',
          quota: 'test',
          scopes: [...spotifyScopes],
          consentedAt: new Date(),
          createdAt: new Date(),
        },
        { persist: true },
      );
      await em.flush();
      await store.save(
        em,
        { id: connectionId, type: 'connection', provider: 'spotify' },
        { ...tokens, expiresInSeconds: secondsLeft },
      );
      await admin(sandbox.url)('DELETE', '/calls');
      refreshes.length = 0;
      return connectionId;
    },

    async tokenCalls() {
      const { items } = (await admin(sandbox.url)('GET', '/calls')) as { items: { route: string; count: number }[] };
      return items.filter(({ route }) => route.endsWith('/api/token')).reduce((sum, { count }) => sum + count, 0);
    },

    async health(connectionId) {
      const { health, healthCode } = await orm.em.fork().findOneOrFail(Connection, { id: connectionId });
      return { health, healthCode: healthCode ?? null };
    },

    async close() {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
      await client.connection.close();
      await orm.close(true);
      await sandbox.close();
    },
  };
}
