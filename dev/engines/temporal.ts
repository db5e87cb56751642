import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineProblem, foreignEngine, type RunningEngine, type Say } from './engine';
import { answersWithin, startEngineProcess } from './engine-process';
import { prepareNamespace, SEARCH_ATTRIBUTES, temporalAnswers } from './temporal/namespace';
import { temporalProgram, versionOf } from './temporal/programs';

export { inspectTemporal } from './temporal/programs';

export interface TemporalOptions {
  /** Holds the state file and the log. */
  readonly dataDir: string;
  /** Where a fetched program is kept. */
  readonly cacheDir: string;
  readonly port: number;
  /** Null: without the UI. */
  readonly uiPort: number | null;
  readonly httpPort: number;
  readonly metricsPort: number;
  /** Keeps everything in memory; for tests only. */
  readonly throwaway?: boolean;
  /** Lets executions be told that their timers are over; for tests only. */
  readonly skipsTime?: boolean;
  /** Namespaces beside `default`; tests take one each, so that no worker sees another's tasks. */
  readonly namespaces?: readonly string[];
  readonly say?: Say;
  /** Aborting it ends the start, and what was started. */
  readonly signal?: AbortSignal;
}

export interface RunningTemporal extends RunningEngine {
  /** `host:port` of the frontend; the same as `url`. */
  readonly address: string;
  /** Where people look at it; null without a UI. */
  readonly uiUrl: string | null;
}

/** The Temporal that `TEMPORAL_ADDRESS` names, with the search attributes that we need, or null without one. */
export async function foreignTemporal(environment: NodeJS.ProcessEnv): Promise<RunningTemporal | null> {
  const address = environment.TEMPORAL_ADDRESS;
  if (!address) return null;
  if (!(await temporalAnswers(address))) {
    throw new EngineProblem(
      `No Temporal answers at ${address}: start it, or unset TEMPORAL_ADDRESS to use one of our own.`,
    );
  }
  await prepareNamespace(address, environment.TEMPORAL_NAMESPACE || 'default', false);
  return { ...foreignEngine(address), address, uiUrl: environment.TEMPORAL_UI_URL || null };
}

/** Starts the real Temporal server on 127.0.0.1. Throws EngineProblem with what to do where it can't. */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { dataDir, port, uiPort, say = () => undefined } = options;
  const program = await temporalProgram(options.cacheDir, say, options.signal);
  const stateFile = join(dataDir, 'temporal', 'state.db');
  mkdirSync(dirname(stateFile), { recursive: true });
  const settings = {
    ip: '127.0.0.1',
    port: String(port),
    'http-port': String(options.httpPort),
    'metrics-port': String(options.metricsPort),
    'log-level': 'error',
    ...(uiPort === null ? {} : { 'ui-port': String(uiPort) }),
    ...(options.throwaway ? {} : { 'db-filename': stateFile }),
  };
  const engine = await startEngineProcess({
    file: program,
    args: [
      ...['server', 'start-dev'],
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      ...(uiPort === null ? ['--headless'] : ['--ui-disable-news-fetch']),
      ...(options.namespaces ?? []).flatMap((name) => ['--namespace', name]),
      ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      // Timers are up to a second late otherwise.
      ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="50ms"'],
      ...(options.skipsTime ? ['--dynamic-config-value', 'frontend.WorkflowTimeSkippingEnabled=true'] : []),
    ],
    logFile: join(dataDir, 'logs', 'temporal.log'),
    recordFile: join(dataDir, 'run', 'temporal.json'),
    signal: options.signal,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  });
  const address = `127.0.0.1:${port}`;
  const answered = await answersWithin(engine, 60_000, () => temporalAnswers(address));
  if (!answered) {
    await engine.stop();
    const taken = /:(\d+): bind: address already in use/u.exec(engine.lastWords())?.[1];
    if (taken)
      throw new EngineProblem(
        `Port ${taken} for Temporal was taken just now: end that program, or set TEMPORAL_PORT and TEMPORAL_UI_PORT to other ports.`,
      );
    throw new EngineProblem(
      `Temporal can't start on its state in ${stateFile} ("${engine.lastWords().split('\n').at(-1)}"): put the file back in order, or begin anew with "npm run reset".`,
    );
  }
  await prepareNamespace(address, 'default', true);
  say(`Temporal    ${versionOf(program)}, port ${port}${uiPort === null ? '' : `, UI on ${uiPort}`}`);
  return {
    url: address,
    address,
    uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
    pid: engine.pid,
    ended: engine.ended,
    stop: () => engine.stop(),
  };
}
