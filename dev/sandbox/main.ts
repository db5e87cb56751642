import { join } from 'node:path';
import { z } from 'zod';
import { startSandbox } from './server';

const whole = z.coerce.number().int().nonnegative();
const environmentSchema = z.object({
  SANDBOX_PORT: whole.max(65_535).default(8090),
  SANDBOX_CATALOG: z.string().min(1).optional(),
  SANDBOX_LATENCY_MS: whole.default(0),
  SANDBOX_CROWD: whole.max(500).default(0),
  SANDBOX_STATE: z.enum(['file', 'memory']).default('file'),
  DATA_DIR: z.string().min(1).default('.data'),
  SPOTIFY_SANDBOX_DIALECT: z.enum(['development', 'extended']).default('development'),
  SPOTIFY_SANDBOX_ROTATE_REFRESH: z.enum(['0', '1']).default('0'),
});

async function main(): Promise<void> {
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const read = environmentSchema.safeParse(set);
  if (!read.success) throw new Error(z.prettifyError(read.error));
  const environment = read.data;
  const sandbox = await startSandbox({
    port: environment.SANDBOX_PORT,
    catalogPath: environment.SANDBOX_CATALOG,
    statePath: environment.SANDBOX_STATE === 'memory' ? null : join(environment.DATA_DIR, 'sandbox', 'state.json'),
    latencyMs: environment.SANDBOX_LATENCY_MS,
    dialect: environment.SPOTIFY_SANDBOX_DIALECT,
    rotateRefreshTokens: environment.SPOTIFY_SANDBOX_ROTATE_REFRESH === '1',
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(JSON.stringify({ ready: true, port: sandbox.port }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
