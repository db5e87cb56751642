import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join, resolve } from 'node:path';
import { EngineProblem, foreignEngine, type EngineReport, type RunningEngine, type Say } from './engine';
import { answersWithin, discard, startEngineProcess } from './engine-process';
import { localSecret } from './secrets';
import { postgresStateFolder } from './postgres/data-folder';
import { packagedPostgres, postgresVersion, runnablePostgres } from './postgres/programs';
import { APPLICATION, DATABASE, OWNER, prepareDatabase, SUPERUSER } from './postgres/roles';
import { unprivilegedUser, type SystemUser } from './postgres/unprivileged';

export interface PostgresOptions {
  /** Holds the data, the logs and the passwords. */
  readonly dataDir: string;
  readonly port: number;
  /** Gives up durability for speed; for tests only. */
  readonly throwaway?: boolean;
  readonly say?: Say;
  /** Aborting it ends the start, and what was started. */
  readonly signal?: AbortSignal;
}

export interface RunningPostgres extends RunningEngine {
  /** As the application sees it; the same as `url`. */
  readonly url: string;
  /** As the owner of the tables sees it. */
  readonly ownerUrl: string;
  /** As the superuser sees it; null for a foreign database. */
  readonly superuserUrl: string | null;
}

/** Which PostgreSQL would be used. Starts nothing. */
export function inspectPostgres(environment: NodeJS.ProcessEnv): EngineReport {
  if (environment.DATABASE_URL)
    return { engine: 'PostgreSQL', state: 'ready', detail: 'the one that DATABASE_URL names' };
  try {
    const version = postgresVersion(packagedPostgres());
    const user = unprivilegedUser();
    return {
      engine: 'PostgreSQL',
      state: 'ready',
      detail: `${version} from the npm package${user ? `, as user "${user.name}"` : ''}`,
    };
  } catch (error) {
    return { engine: 'PostgreSQL', state: 'missing', detail: (error as Error).message };
  }
}

/** The PostgreSQL named by `DATABASE_URL` (and `MIGRATION_DATABASE_URL`, by default the same), or null without one. */
export function foreignPostgres(environment: NodeJS.ProcessEnv): RunningPostgres | null {
  const url = environment.DATABASE_URL;
  if (!url) return null;
  return { ...foreignEngine(url), url, ownerUrl: environment.MIGRATION_DATABASE_URL || url, superuserUrl: null };
}

/** The test run's databases stay until its end, each of which autovacuum would visit every minute. */
const throwawaySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '10min',
};

/**
 * Starts the packaged PostgreSQL on 127.0.0.1 with the database `do_not_play`, its owner and the application's role.
 * Throws EngineProblem with what to do where it can't.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, port, say = () => undefined } = options;
  const user = unprivilegedUser();
  const native = runnablePostgres(user);
  const version = postgresVersion(native);
  const stateFolder = postgresStateFolder(dataDir, user);
  const data = join(stateFolder, 'postgres');
  const passwords = {
    superuser: localSecret(dataDir, 'postgres-superuser'),
    owner: localSecret(dataDir, 'postgres-owner'),
    application: localSecret(dataDir, 'postgres-application'),
  };
  if (!existsSync(data)) makeCluster(native, data, user, passwords.superuser);
  dropStaleLock(data);

  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Statements and details would put people's data into the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(options.throwaway ? throwawaySettings : {}),
  };
  const engine = await startEngineProcess({
    file: join(native, 'bin', 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TZ: 'UTC' },
    cwd: '/',
    logFile: join(dataDir, 'logs', 'postgres.log'),
    recordFile: join(dataDir, 'run', 'postgres.json'),
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
    stopOrder: 2,
    signal: options.signal,
    // A fast shutdown: open transactions are rolled back, a checkpoint is written.
    stopSignal: 'SIGINT',
    stopWithinMs: 15_000,
  });
  const urlFor = (role: string, password: string, database = DATABASE) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  const answered = await answersWithin(engine, 60_000, async () => {
    if (!(await listens(port))) return false;
    await prepareDatabase((database) => urlFor(SUPERUSER, passwords.superuser, database), passwords);
    return true;
  });
  if (!answered) {
    await engine.stop();
    throw new EngineProblem(
      `PostgreSQL can't start on its data in ${data} ("${engine.lastWords().split('\n').at(-1)}"): put the folder back in order, or begin anew with "npm run reset".`,
    );
  }
  const elsewhere =
    stateFolder === resolve(dataDir) ? '' : `; kept in ${stateFolder}, the project's folder is closed to it`;
  say(`PostgreSQL  ${version} from the npm package, port ${port}${user ? `, as user "${user.name}"` : ''}${elsewhere}`);
  const url = urlFor(APPLICATION, passwords.application);
  return {
    url,
    ownerUrl: urlFor(OWNER, passwords.owner),
    superuserUrl: urlFor(SUPERUSER, passwords.superuser, 'postgres'),
    pid: engine.pid,
    ended: engine.ended,
    stop: () => engine.stop(),
  };
}

/** Made beside its place and moved there when complete, so that an interrupted start leaves no half cluster. */
function makeCluster(native: string, data: string, user: SystemUser | null, password: string): void {
  const making = `${data}.making`;
  discard(making);
  mkdirSync(making, { mode: 0o700 });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [making, passwordFile]) chownSync(path, user.uid, user.gid);
  try {
    execFileSync(
      join(native, 'bin', 'initdb'),
      [
        ...[
          '-D',
          making,
          '-U',
          SUPERUSER,
          '--auth=scram-sha-256',
          `--pwfile=${passwordFile}`,
          '--no-instructions',
          '-N',
        ],
        ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ],
      {
        cwd: '/',
        env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TZ: 'UTC' },
        stdio: ['ignore', 'ignore', 'pipe'],
        ...(user ? { uid: user.uid, gid: user.gid } : {}),
      },
    );
  } catch (error) {
    const words = String((error as { stderr?: Buffer }).stderr ?? (error as Error).message).trim();
    throw new EngineProblem(`PostgreSQL couldn't make its data folder ${data} (${words.split('\n').at(-1)}).`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(making, data);
}

/**
 * After a crash of the machine the lock file may name a process that is somebody else by now, and PostgreSQL would
 * refuse to start because of it.
 */
function dropStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(lock)) return;
  const pid = readFileSync(lock, 'utf8').split('\n')[0] ?? '';
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres') return;
  } catch {
    // No such process.
  }
  rmSync(lock, { force: true });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => (socket.destroy(), resolve(false)));
  });
}
