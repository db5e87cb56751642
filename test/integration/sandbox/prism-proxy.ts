import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface PrismProxy {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts a proxy that answers with an error where a call or its answer violates an OpenAPI document.
 *
 * @param upstream the address that the document's paths are below
 */
export async function startPrism(document: string, upstream: string): Promise<PrismProxy> {
  const port = await freePort();
  const program = require.resolve('@stoplight/prism-cli/dist/index.js');
  const child = spawn(
    process.execPath,
    [program, 'proxy', '--errors', '--host', '127.0.0.1', '--port', String(port), document, upstream],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let ended = false;
  const take = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  child.once('exit', () => {
    ended = true;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (ended) throw new Error(`Prism ended: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        if (ended) return resolve();
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}

/** What a proxied answer says of a violation, or null where there is none. */
export function violationIn(answer: { headers: Headers; body: unknown }): string | null {
  const header = answer.headers.get('sl-violations');
  if (header) return header;
  return answer.headers.get('content-type')?.includes('problem+json') ? JSON.stringify(answer.body) : null;
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
