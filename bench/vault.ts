import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOrm } from '../adapters/postgres/orm';
import { openTemporal } from '../adapters/temporal/client';
import { createDispatcher } from '../adapters/temporal/dispatch';
import { createVault } from '../adapters/vault/vault';
import { sandboxAdmin } from '../dev/connected-account/sandbox-admin';
import { freePort } from '../dev/engines/free-port';
import { bundleWorkflows } from '../workers/bundle';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { startSandboxProcess, startWorkerProcess } from './processes';
import type { Figure } from './report';
import { benchExpiredToken } from './vault/expired-token';
import { benchIdle } from './vault/idle';
import { benchReads } from './vault/reads';
import { benchRotation } from './vault/rotation';

/** How long a provider takes for each call, in milliseconds. */
const latencyMs = 20;

/**
 * `npm run bench -- vault [PART…]`: what keeping tokens costs. Parts: `expired` a hundred callers and one expired token · `reads`
 * of fresh tokens · `rotation` of ten thousand credentials while they are read · `idle` a day of a hundred thousand connections
 * that nobody uses. All of them by default. The workers, the sandbox and the callers are processes of their own.
 */
export async function benchVault(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const parts = args.length > 0 ? args : ['expired', 'reads', 'rotation', 'idle'];
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const sandboxUrl = await startSandboxProcess(cleanup, { port: await freePort(), latencyMs });
  const bundlePath = join(folder, 'workflow-bundle.js');
  writeFileSync(bundlePath, (await bundleWorkflows()).code);
  const oldKey = { kid: 'bench-old', key: Buffer.alloc(32, 7) };
  const newKey = { kid: 'bench-new', key: Buffer.alloc(32, 8) };
  const ring = [newKey, oldKey].map(({ kid, key }) => `${kid}:${key.toString('base64url')}`).join(',');
  const environment = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    SANDBOX_URL: sandboxUrl,
    VAULT_KEYS: ring,
  };
  await startWorkerProcess(cleanup, { environment, bundlePath });
  const orm = await openOrm(databaseUrl, { max: 30 });
  cleanup.add(() => orm.close(true));
  const client = await openTemporal({ address: temporalAddress, namespace: 'default' });
  cleanup.add(() => client.connection.close());
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  const [old, both] = [createVault([oldKey]), createVault([newKey, oldKey])];
  const admin = sandboxAdmin(sandboxUrl);

  const steps: Record<string, () => Promise<Figure[]>> = {
    expired: () => benchExpiredToken(cleanup, { orm, vault: both, admin, sandboxUrl, environment }),
    reads: () => benchReads({ orm, vault: both }),
    rotation: () => benchRotation({ orm, dispatcher, old, both }),
    idle: () => benchIdle({ orm, vault: both, client, admin, sandboxUrl }),
  };
  const figures: Figure[] = [];
  for (const part of parts) {
    const step = steps[part];
    if (!step) throw new Error(`There is no part "${part}"; there are: ${Object.keys(steps).join(', ')}.`);
    console.error(`${part} …`);
    figures.push(...(await step()));
  }
  return figures;
}
