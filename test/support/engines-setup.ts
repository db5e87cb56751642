import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { HostMessage } from './engines-host';

/** The host of this jest run; jest calls setup and teardown once for each selected project, in one process. */
export const hostHolder = globalThis as typeof globalThis & {
  dnpEnginesHost?: { child: ChildProcess; ready: Promise<void> };
};

/** Starts the engines host unless another project of this run has. Its values travel to the tests by process.env. */
export default async function setup(): Promise<void> {
  hostHolder.dnpEnginesHost ??= startHost();
  await hostHolder.dnpEnginesHost.ready;
}

function startHost(): { child: ChildProcess; ready: Promise<void> } {
  const child = fork(join(__dirname, 'engines-host.ts'), [], {
    execArgv: ['--import', 'tsx'],
    // Its own process group: a Ctrl-C reaches jest, and the host stops when jest's end of the channel closes.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', (message: HostMessage) => {
      if ('failed' in message) return reject(new Error(message.failed));
      Object.assign(process.env, message.ready);
      resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`The engines host ended with code ${code} before the engines were up.`)),
    );
  });
  return { child, ready };
}
