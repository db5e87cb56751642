import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp } from './app';
import { bundledCatalogPath, loadCatalog } from './catalog/catalog';
import { withInvented } from './catalog/invented';
import { CallCounter } from './conduct/calls';
import { FaultBook } from './conduct/faults';
import { QuotaBook } from './conduct/quotas';
import { SecretBook } from './conduct/secrets';
import type { Dialect, World } from './conduct/world';
import { makeSigningKey } from './oauth/signing-key';
import { initialAppleAccounts } from './people/apple-libraries';
import { initialShelves } from './people/libraries';
import { people } from './people/people';
import { personalTexts } from './people/sign-in-accounts';
import { Bookkeeping } from './state/bookkeeping';
import { Lagging } from './state/lagging';
import type { SandboxState } from './state/model';
import { openStateFile, readState, type KeptState, type StateFile } from './state/state-file';

/** How to start a sandbox. */
export interface SandboxOptions {
  /** 0 or absent takes any free port. */
  port?: number;
  /** A CSV file; absent takes the bundled one. */
  catalogPath?: string;
  /** Where the state outlives the process; null or absent keeps it in memory only. */
  statePath?: string | null;
  /** Added to each call of the Spotify Web API. */
  latencyMs?: number;
  dialect?: Dialect;
  /** Whether each Spotify refresh gives a new refresh token and ends the old one. */
  rotateRefreshTokens?: boolean;
}

export interface Sandbox {
  /** Without a slash at the end. */
  url: string;
  port: number;
  /** Saves the state and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts the stand-ins for Google, Apple, GitHub, Spotify and Apple Music on 127.0.0.1.
 *
 * @throws Error where the port is taken, the catalog can't be read, or the state file is damaged
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { world, file } = await openWorld(options);
  const server = createServer({ keepAliveTimeout: 30_000 });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  world.url = `http://127.0.0.1:${port}`;

  const handle = buildApp(world).callback();
  server.on('request', (request, response) => void handle(request, response));
  return { url: world.url, port, close: () => close(server, world, file) };
}

async function openWorld(options: SandboxOptions): Promise<{ world: World; file: StateFile }> {
  const listed = loadCatalog(options.catalogPath ?? bundledCatalogPath());
  const catalog = withInvented(listed);
  const path = options.statePath ?? null;
  const stored = path === null ? null : readState(path);
  const fresh = async () => ({ grants: {}, codes: {}, tokens: {}, signingKey: await makeSigningKey() });
  const kept: Omit<KeptState, 'shelves' | 'secrets'> = stored?.state ?? (await fresh());
  const { grants, codes, tokens, signingKey, spotifyApps = {}, spotifyQuotas = {} } = kept;
  const state = { grants, codes, tokens, signingKey, spotifyApps, spotifyQuotas };
  const file = openStateFile(path, catalog.fingerprint, (): SandboxState => {
    return { ...state, shelves: books.current, appleMusic: appleMusic.current, secrets: secrets.list() };
  });
  // Libraries point into the catalog: with another catalog they start anew, while tokens stay valid.
  const known = stored?.fingerprint === catalog.fingerprint;
  const books = new Bookkeeping(known ? stored.state.shelves : initialShelves(listed), file.changed);
  const accounts = known ? stored.state.appleMusic : undefined;
  const appleMusic = new Lagging(accounts ?? initialAppleAccounts(listed), file.changed);
  const names = people.flatMap(personalTexts);
  const secrets = new SecretBook([...(stored?.state.secrets ?? []), ...names], file.changed);
  file.changed();
  const world: World = {
    url: '',
    dialect: options.dialect ?? 'development',
    rotateRefreshTokens: options.rotateRefreshTokens ?? false,
    latencyMs: options.latencyMs ?? 0,
    catalog,
    books,
    appleMusic,
    state,
    changed: file.changed,
    faults: new FaultBook(),
    calls: new CallCounter(),
    spotifyCalls: new QuotaBook(),
    secrets,
    late: new Set(),
  };
  return { world, file };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server, world: World, file: StateFile): Promise<void> {
  for (const timer of world.late) clearTimeout(timer);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  file.flush();
}
