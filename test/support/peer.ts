import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A provider that nobody here wrote, in a process of its own: such packages are ESM, which jest doesn't load. */
export interface Peer<Told> {
  /** What it said when it was up. */
  told: Told;
  /** Sends it an order and waits until it has taken it. */
  order(message: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** Starts a script of `peers/`, which sends one message when it is up. */
export async function startPeer<Told>(
  script: 'vendors' | 'mock-oidc' | 'strict-oidc',
  argument = '',
): Promise<Peer<Told>> {
  const child = fork(join(__dirname, 'peers', `${script}.mjs`), [argument], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => (complaints += String(chunk)));
  const saying = () => complaints;
  return {
    told: await nextMessage<Told>(child, saying),
    async order(message) {
      const taken = nextMessage(child, saying);
      child.send(message);
      await taken;
    },
    async close() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
    },
  };
}

function nextMessage<Message>(child: ChildProcess, saying: () => string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`The peer ended: ${saying()}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });
}
