import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../dev/engines/project-root';
import { workerSettings } from '../workers/process-settings';
import type { Cleanup } from './cleanup';
import { compiled } from './compiled';
import type { WorkerMessage } from './worker-process';

/** Starts the provider sandbox in a process of its own, on a free port, and returns its address. */
export async function startSandboxProcess(
  cleanup: Cleanup,
  {
    port,
    catalogPath,
    latencyMs = 0,
    crowd = 0,
  }: { port: number; catalogPath?: string; latencyMs?: number; crowd?: number },
): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(projectRoot, 'dev', 'sandbox', 'main.ts')], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: {
      ...process.env,
      SANDBOX_PORT: String(port),
      SANDBOX_STATE: 'memory',
      SANDBOX_CATALOG: catalogPath ?? '',
      SANDBOX_LATENCY_MS: String(latencyMs),
      SANDBOX_CROWD: String(crowd),
    },
  });
  cleanup.add(() => end(child));
  await Promise.race([once(child.stdout, 'data'), failure(child, 'sandbox')]);
  return `http://127.0.0.1:${port}`;
}

export interface WorkerProcess {
  /** The most memory that it has held so far, in bytes. */
  peakMemory(): Promise<number>;
  /** Lets what is in flight end, and ends it. */
  stop(): Promise<void>;
}

/** Starts all workers in one process of their own, compiled, as `npm start` does; resolves when they poll. */
export async function startWorkerProcess(
  cleanup: Cleanup,
  { environment, bundlePath }: { environment: Record<string, string>; bundlePath: string },
): Promise<WorkerProcess> {
  const child = fork(join(compiled(cleanup), 'bench', 'worker-process.js'), [bundlePath], {
    cwd: projectRoot,
    execArgv: [...workerSettings.nodeArguments],
    stdio: ['ignore', 2, 2, 'ipc'],
    detached: true,
    env: { PATH: process.env.PATH, ...workerSettings.environment, ...environment },
  });
  cleanup.add(() => end(child));
  const hear = async (): Promise<WorkerMessage> => {
    const [message] = (await Promise.race([once(child, 'message'), failure(child, 'worker')])) as [WorkerMessage];
    return message;
  };
  await hear();
  return {
    async peakMemory() {
      child.send('memory');
      return (await hear()).peakBytes;
    },
    stop: () => end(child),
  };
}

/**
 * Starts the API in a process of its own, compiled, and returns its address. Its environment names two ports. `preload` is a program
 * of ours that is loaded first, by its path without an ending.
 */
export async function startApiProcess(
  cleanup: Cleanup,
  environment: Record<string, string>,
  preload?: string,
): Promise<string> {
  const programs = compiled(cleanup);
  const first = preload === undefined ? [] : ['--require', join(programs, `${preload}.js`)];
  const child = spawn(process.execPath, [...first, join(programs, 'api', 'server.js')], {
    cwd: projectRoot,
    stdio: ['ignore', 2, 2],
    detached: true,
    env: { PATH: process.env.PATH, ...environment },
  });
  cleanup.add(() => end(child));
  const url = `http://127.0.0.1:${environment.API_PORT}`;
  await Promise.race([answering(`${url}/readyz`), failure(child, 'API')]);
  return url;
}

async function answering(url: string): Promise<void> {
  for (;;) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function failure(child: ChildProcess, name: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`The ${name} ended with code ${code}.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}
