import { fork } from 'node:child_process';
import { compiledProgram, workflowBundle } from './engines';
import type { FromVictim, KillPoint, Step, ToVictim } from './kill-points';
import type { System } from './system';

export interface Victim {
  /** Works from now on; counts its steps anew, and ends itself at the one named. */
  work(kill: KillPoint | null): void;
  /** Those since the last order. */
  steps(): Step[];
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** Ends it by SIGKILL wherever it is. */
  kill(): Promise<void>;
}

/**
 * A worker process for a system, loaded and waiting for its order.
 * @param clockAhead seconds by which its clock is ahead
 */
export async function startVictim(system: System, clockAhead = 0): Promise<Victim> {
  const child = fork(compiledProgram('test/support/killable-worker.ts'), [], {
    execArgv: [
      '--enable-source-maps',
      ...(clockAhead === 0 ? [] : ['--require', compiledProgram('test/support/skewed-clock.ts')]),
    ],
    env: {
      ...process.env,
      ...system.environment,
      DNP_WORKFLOW_BUNDLE: workflowBundle().codePath,
      DNP_TEST_CLOCK_AHEAD: String(clockAhead),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let steps: Step[] = [];
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: FromVictim) => {
      if ('ready' in message) resolve();
      else steps.push(message.step);
    });
    child.once('exit', () => reject(new Error('The worker process ended before it was ready.')));
  });
  return {
    work(kill) {
      steps = [];
      child.send({ kill } satisfies ToVictim);
    },
    steps: () => steps,
    gone,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
