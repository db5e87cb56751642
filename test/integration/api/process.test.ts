import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProgram, createTestDatabase, temporalAddress, type TestDatabase } from '../../support/engines';

const indexFolder = join(tmpdir(), `dnp-index-process-${process.pid}`);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  rmSync(indexFolder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function start(environment: Record<string, string>): {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
} {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['--enable-source-maps', compiledProgram('api/server.ts')], {
    env: {
      PATH,
      HOME,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporalAddress(),
      LANCEDB_URI: indexFolder,
      ...environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  return { child, output: () => output, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

const vault = { VAULT_KEYS: `test:${Buffer.alloc(32, 7).toString('base64url')}` };

describe('the API as a process', () => {
  it('names all faults of its configuration at once and ends', async () => {
    const { output, ended } = start({ API_PORT: 'many', LOG_LEVEL: 'loud', VAULT_KEYS: 'short:key' });
    expect(await ended).toBe(1);
    for (const name of ['API_PORT', 'LOG_LEVEL', 'VAULT_KEYS']) expect(output()).toContain(`  ${name}: `);
  });

  it('says which setting moves it where its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { output, ended } = start({ ...vault, API_PORT: String(port), METRICS_PORT: String(await freePort()) });
    expect(await ended).toBe(1);
    expect(output()).toContain(`Port ${port} is taken. Set API_PORT`);
    holder.close();
  });

  it('answers, measures, and on SIGTERM ends what is under way first', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const { child, output, ended } = start({ ...vault, API_PORT: String(port), METRICS_PORT: String(metricsPort) });
    while (!output().includes('listening')) await new Promise((resolve) => setTimeout(resolve, 50));
    const address = `http://127.0.0.1:${port}`;
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain('process_cpu_seconds_total');
    expect(metrics).toContain('http_request_duration_seconds_bucket');
    const underWay = fetch(`${address}/readyz`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    expect((await underWay).status).toBe(200);
    expect(await ended).toBe(0);
    expect(output()).toContain('stopped');
  });
});
