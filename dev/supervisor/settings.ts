import { join, resolve } from 'node:path';
import { EngineProblem } from '../engines/engine';
import { projectRoot } from '../engines/project-root';

export interface Port {
  readonly name: string;
  readonly number: number;
  /** The environment variable that changes it. */
  readonly variable: string;
}

type PortName =
  | 'api'
  | 'apiMetrics'
  | 'workerMetrics'
  | 'temporalMetrics'
  | 'sandbox'
  | 'temporal'
  | 'temporalUi'
  | 'postgres'
  | 'neo4j';

/** What this start runs by itself, where, and on which ports. */
export interface Settings {
  readonly dataDir: string;
  /** Fetched engines; survives `npm run reset`. */
  readonly cacheDir: string;
  /** Records of running processes. */
  readonly runDir: string;
  readonly logDir: string;
  readonly ports: Record<PortName, Port>;
  /** Whether to start the provider sandbox: not in production, and not when every provider has real credentials. */
  readonly sandbox: boolean;
}

const DEFAULTS: Record<PortName, { variable: string; port: number; name: string }> = {
  api: { variable: 'API_PORT', port: 8080, name: 'the API' },
  apiMetrics: { variable: 'METRICS_PORT', port: 9464, name: "the API's metrics" },
  workerMetrics: { variable: 'WORKER_METRICS_PORT', port: 9465, name: "the worker's metrics" },
  temporalMetrics: { variable: 'TEMPORAL_METRICS_PORT', port: 9466, name: "Temporal's metrics of the worker" },
  sandbox: { variable: 'SANDBOX_PORT', port: 8090, name: 'the provider sandbox' },
  temporal: { variable: 'TEMPORAL_PORT', port: 7233, name: 'Temporal' },
  temporalUi: { variable: 'TEMPORAL_UI_PORT', port: 8233, name: 'the Temporal UI' },
  postgres: { variable: 'POSTGRES_PORT', port: 5544, name: 'PostgreSQL' },
  neo4j: { variable: 'NEO4J_PORT', port: 7687, name: 'Neo4j' },
};

/** Reads what the launcher itself needs. Throws EngineProblem naming a port that is no port. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const dataDir = resolve(projectRoot, environment.DATA_DIR || '.data');
  const ports = Object.fromEntries(
    Object.entries(DEFAULTS).map(([key, { variable, port, name }]) => {
      const number = Number(environment[variable] || port);
      if (!Number.isInteger(number) || number < 1 || number > 65_535) {
        throw new EngineProblem(
          `${variable} is "${environment[variable]}", which is no port: give a number from 1 to 65535.`,
        );
      }
      return [key, { name, number, variable }];
    }),
  ) as Settings['ports'];
  const realSpotify = environment.SPOTIFY_CLIENT_ID || !/^\s*(sandbox-|$)/.test(environment.SPOTIFY_APPS ?? '');
  const allReal = Boolean(environment.GOOGLE_CLIENT_ID && realSpotify);
  return {
    dataDir,
    cacheDir: environment.ENGINES_CACHE ? resolve(environment.ENGINES_CACHE) : join(dataDir, 'engines'),
    runDir: join(dataDir, 'run'),
    logDir: join(dataDir, 'logs'),
    ports,
    sandbox: !environment.SANDBOX_URL && environment.NODE_ENV !== 'production' && !allReal,
  };
}

/** The ports that this start will listen on; those of engines that run elsewhere are not among them. */
export function portsToTake(settings: Settings, environment: NodeJS.ProcessEnv): Port[] {
  const { ports } = settings;
  return [
    ports.api,
    ports.apiMetrics,
    ports.workerMetrics,
    ports.temporalMetrics,
    ...(settings.sandbox ? [ports.sandbox] : []),
    ...(environment.TEMPORAL_ADDRESS ? [] : [ports.temporal, ports.temporalUi]),
    ...(environment.DATABASE_URL ? [] : [ports.postgres]),
    ...(environment.NEO4J_URI ? [] : [ports.neo4j]),
  ];
}
