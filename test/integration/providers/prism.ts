import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { freePort } from '../../../dev/engines/free-port';

export interface Prism {
  url: string;
  close(): Promise<void>;
}

/** Puts Prism in front of an address: what breaks the specification, request or answer, is answered with an error. */
export async function startPrism(specification: string, upstream: string): Promise<Prism> {
  const port = await freePort();
  const program = join(dirname(require.resolve('@stoplight/prism-cli/package.json')), 'dist', 'index.js');
  const flags = ['proxy', '--errors', '--host', '127.0.0.1', '--port', String(port), specification, upstream];
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk)));
  child.stderr.on('data', (chunk) => (log += String(chunk)));
  await untilListening(child, () => log);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function untilListening(child: ChildProcess, log: () => string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (/Prism is listening/.test(log())) resolve();
    });
    child.once('exit', (code) => reject(new Error(`Prism ended with ${code}: ${log()}`)));
  });
}
