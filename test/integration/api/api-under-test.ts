import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../../api/app';
import type { Dependencies } from '../../../api/dependencies';
import { createLogger } from '../../../adapters/telemetry/logger';
import { createMetrics } from '../../../api/metrics';
import { healthChecks } from '../../../api/ops/checks';
import type { Route } from '../../../api/route';
import { createRateLimits } from '../../../api/rate-limits';
import { loadConfig, type Config } from '../../../adapters/environment/config';
import { VectorDatabase } from '../../../adapters/lancedb/database';
import { openGraph } from '../../../adapters/neo4j/graph';
import { newId } from '../../../adapters/postgres/ids';
import { createJobWatch } from '../../../adapters/postgres/job-watch';
import { openOrm } from '../../../adapters/postgres/orm';
import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { createPersonWatch } from '../../../adapters/postgres/person-watch';
import { createProviderGate } from '../../../adapters/postgres/provider-gate';
import { createAppleMusic } from '../../../adapters/providers/apple-music/apple-music';
import { developerTokenAlarm } from '../../../adapters/telemetry/developer-token-alarm';
import { lazyTemporal } from '../../../adapters/temporal/client';
import { createDispatcher } from '../../../adapters/temporal/dispatch';
import { createVault } from '../../../adapters/vault/vault';
import type { TokenScope } from '../../../domain/roles';
import { createTestDatabase, temporalAddress } from '../../support/engines';

export interface ApiUnderTest {
  url: string;
  config: Config;
  deps: Dependencies;
  /** What was logged, line by line. */
  logged: () => Record<string, unknown>[];
  /** A person who never signed in, with a token for programs. */
  person: (options?: {
    scopes?: TokenScope[];
    roles?: string[];
    email?: string;
  }) => Promise<{ id: string; token: string }>;
  call: (
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; raw?: string | Uint8Array; headers?: Record<string, string> },
  ) => Promise<{ status: number; headers: Headers; body: Record<string, unknown>; text: string }>;
  close: () => Promise<void>;
}

/** The API on a port of its own, over what `environment` names; without a DATABASE_URL over a database of its own. */
export async function startApi(
  options: { environment?: Record<string, string>; overrides?: Partial<Dependencies>; routes?: Route[] } = {},
): Promise<ApiUnderTest> {
  const given = options.environment?.DATABASE_URL;
  const database = given ? null : await createTestDatabase();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // Made once somebody asks it.
  const indexFolder = join(tmpdir(), `dnp-index-${process.pid}-${port}`);
  const config = loadConfig({
    NODE_ENV: 'test',
    API_PORT: String(port),
    DATABASE_URL: database?.url,
    LANCEDB_URI: indexFolder,
    AUDIT_HEAD: join(indexFolder, 'audit-head.json'),
    TEMPORAL_ADDRESS: temporalAddress(),
    VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}`,
    ...options.environment,
  });
  const lines: string[] = [];
  const log = createLogger('api', 'debug', { write: (line) => void lines.push(line) });
  const orm = await openOrm(config.DATABASE_URL, { max: 5 });
  const temporal = lazyTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const closing = new AbortController();
  const gate = createProviderGate(orm, { callsPerSecond: config.SPOTIFY_CALLS_PER_SECOND });
  const graph = openGraph(config);
  const vectors = new VectorDatabase(config.lancedbUri);
  const metrics = createMetrics({ processDefaults: false });
  const appleMusic = createAppleMusic(config, {
    gate,
    onCall: metrics.onAppleMusicCall,
    onDeveloperTokenRejected: developerTokenAlarm({ count: metrics.onDeveloperTokenRejected, log }),
  });
  const deps: Dependencies = {
    config,
    log,
    orm,
    temporal,
    dispatcher: createDispatcher({
      orm,
      client: temporal,
      onLeft: (outboxId, err) => log.warn({ outboxId, err }, 'left'),
    }),
    vault: createVault(config.VAULT_KEYS),
    gate,
    artistSources: appleMusic ? { apple_music: appleMusic.artists } : {},
    appleMusic,
    jobWatch: createJobWatch(orm, 50),
    personWatch: createPersonWatch(orm, 50),
    metrics,
    limits: createRateLimits(config),
    graph,
    vectors,
    checks: healthChecks({ orm, temporal, graph, vectors }),
    closing: closing.signal,
    ...options.overrides,
  };
  const handle = createApp(deps, options.routes).callback();
  server.on('request', (request, response) => void handle(request, response));
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    config,
    deps,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    async person({ scopes, roles = [], email } = {}) {
      const id = newId();
      const em = orm.em.fork();
      await em.execute(`insert into users (id, display_name, email) values (?, 'A Person', ?)`, [id, email ?? null]);
      for (const role of roles) await em.execute(`insert into user_roles (user_id, role) values (?, ?)`, [id, role]);
      const expiresAt = new Date(Date.now() + 86_400_000);
      return {
        id,
        token: (
          await createPersonalToken(em, { userId: id, name: 'test', scopes: scopes ?? ['read', 'write'], expiresAt })
        ).token,
      };
    },
    async call(method, path, { token, body, raw, headers = {} } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      });
      const text = await response.text();
      const json =
        /[/+]json/.test(response.headers.get('content-type') ?? '') && text
          ? (JSON.parse(text) as Record<string, unknown>)
          : {};
      return { status: response.status, headers: response.headers, body: json, text };
    },
    async close() {
      closing.abort();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await temporal.connection.close();
      vectors.close();
      await graph?.close();
      await orm.close(true);
      rmSync(indexFolder, { recursive: true, force: true });
    },
  };
}
