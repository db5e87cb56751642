import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineProblem, foreignEngine, type EngineReport, type RunningEngine, type Say } from './engine';
import { answersWithin, startEngineProcess } from './engine-process';
import { findJdk, findMaven } from './neo4j/java';
import { jarsFetched, NEO4J_VERSION, neo4jJars } from './neo4j/jars';
import { neo4jLauncher, rehearse } from './neo4j/launcher';
import { localSecret } from './secrets';

export interface Neo4jOptions {
  /** Holds the data, the log and the password. */
  readonly dataDir: string;
  /** Where fetched jars and the compiled launcher are kept. */
  readonly cacheDir: string;
  readonly port: number;
  /** How large the graph will be; small unless said. */
  readonly size?: 'small' | 'large';
  /** Whether to spend a background run on faster starts later. */
  readonly rehearse?: boolean;
  readonly say?: Say;
  /** Aborting it ends the start, and what was started. */
  readonly signal?: AbortSignal;
}

export interface Neo4jAccess {
  /** `bolt://host:port` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export type RunningNeo4j = RunningEngine & Neo4jAccess;

/** Which Neo4j would be used. Starts and fetches nothing. */
export function inspectNeo4j(environment: NodeJS.ProcessEnv, cacheDir: string): EngineReport {
  const engine = 'Neo4j';
  if (environment.NEO4J_URI) return { engine, state: 'ready', detail: 'the one that NEO4J_URI names' };
  try {
    const jdk = findJdk(environment);
    if (jarsFetched(cacheDir))
      return { engine, state: 'ready', detail: `${NEO4J_VERSION}, fetched before, on JDK ${jdk.version}` };
    findMaven(environment);
    return { engine, state: 'fetch', detail: `${NEO4J_VERSION} from Maven Central, 116 MB, on JDK ${jdk.version}` };
  } catch (error) {
    return { engine, state: 'missing', detail: (error as Error).message };
  }
}

/** How the Neo4j that we start on this port is reached, known before it is up. */
export function ownNeo4jAccess(dataDir: string, port: number): Neo4jAccess {
  return { url: `bolt://127.0.0.1:${port}`, user: 'neo4j', password: localSecret(dataDir, 'neo4j') };
}

/** The Neo4j that `NEO4J_URI`, `NEO4J_USER` and `NEO4J_PASSWORD` name, or null without one. */
export function foreignNeo4j(environment: NodeJS.ProcessEnv): RunningNeo4j | null {
  const url = environment.NEO4J_URI;
  if (!url) return null;
  return {
    ...foreignEngine(url),
    url,
    user: environment.NEO4J_USER || 'neo4j',
    password: environment.NEO4J_PASSWORD ?? '',
  };
}

/** Starts Neo4j Community on 127.0.0.1. Throws EngineProblem with what to do where it can't. */
export async function startNeo4j(options: Neo4jOptions): Promise<RunningNeo4j> {
  const { dataDir, cacheDir, port, say = () => undefined } = options;
  const jdk = findJdk();
  const jars = await neo4jJars(cacheDir, say, options.signal);
  const launcher = await neo4jLauncher(cacheDir, jars, jdk, options.size);
  const access = ownNeo4jAccess(dataDir, port);
  const home = join(dataDir, 'neo4j');
  const logFile = join(dataDir, 'logs', 'neo4j.log');
  mkdirSync(home, { recursive: true });
  const archived = existsSync(launcher.archive);
  const engine = await startEngineProcess({
    file: launcher.java,
    args: [
      ...launcher.flags,
      ...(archived ? [`-XX:SharedArchiveFile=${launcher.archive}`, '-Xshare:auto'] : []),
      ...['Launcher', home, String(port)],
    ],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', CLASSPATH: launcher.classPath, NEO4J_PASSWORD: access.password },
    cwd: home,
    logFile,
    recordFile: join(dataDir, 'run', 'neo4j.json'),
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  });
  // While it starts it doesn't listen to a kind word, and its data can take a crash.
  options.signal?.addEventListener('abort', engine.kill);
  if (options.signal?.aborted) engine.kill();
  const isReady = () => Promise.resolve(/^ready$/m.test(readFileSync(logFile, 'utf8')));
  if (!(await answersWithin(engine, 180_000, isReady))) {
    const words =
      engine
        .lastWords()
        .split('\n')
        .find((line) => line.trim()) ?? '';
    await engine.stop();
    throw new EngineProblem(
      `Neo4j can't start on its data in ${home} ("${words.trim().slice(0, 200)}"; more in ${logFile}).`,
    );
  }
  options.signal?.removeEventListener('abort', engine.kill);
  say(`Neo4j       ${NEO4J_VERSION}, JDK ${jdk.version}, port ${port}`);
  const rehearsal =
    options.rehearse && !archived
      ? await rehearse(launcher, cacheDir, join(dataDir, 'run', 'neo4j-rehearsal.json')).catch(() => null)
      : null;
  return {
    ...access,
    pid: engine.pid,
    ended: engine.ended,
    stop: async () => {
      await Promise.all([engine.stop(), rehearsal?.stop()]);
    },
  };
}

/** Whether trying again later can help, as opposed to a person having to install something. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof EngineProblem)) return true;
  return !/needs a JDK|there is none|isn't the one/.test(error.message);
}
