import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../adapters/postgres/migrate';
import { freePort } from '../dev/engines/free-port';
import { startPostgres } from '../dev/engines/postgres';
import { projectRoot } from '../dev/engines/project-root';
import { startTemporal } from '../dev/engines/temporal';
import type { Cleanup } from './cleanup';

export interface BenchEngines {
  /** Removed at the end. */
  folder: string;
  databaseUrl: string;
  /** As the owner of the tables sees it. */
  ownerUrl: string;
  temporalAddress: string;
}

/**
 * PostgreSQL, migrated, and Temporal on free ports, with their state in a folder of their own. Both keep it as safely as
 * `npm start` has them do: numbers taken without waiting for the disk would flatter.
 */
export async function startEngines(
  cleanup: Cleanup,
  options: Parameters<typeof startDatabase>[1] = {},
): Promise<BenchEngines> {
  const database = await startDatabase(cleanup, options);
  const { folder } = database;
  const cacheDir = process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines');
  const stop = new AbortController();
  cleanup.add(() => stop.abort());
  const { signal } = stop;
  const temporal = await startTemporal({
    dataDir: folder,
    cacheDir,
    port: await freePort(),
    uiPort: null,
    httpPort: await freePort(),
    metricsPort: await freePort(),
    signal,
    say: (line) => line.includes('fetching') && console.error(line),
  });
  cleanup.add(() => temporal.stop());
  return { ...database, temporalAddress: temporal.address };
}

/** The same, PostgreSQL alone; not migrated where somebody else is to do that. */
export async function startDatabase(
  cleanup: Cleanup,
  { migrated = true } = {},
): Promise<Omit<BenchEngines, 'temporalAddress'>> {
  const folder = mkdtempSync(join(tmpdir(), 'dnp-bench-'));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL may run as another user, which has to get in.
  chmodSync(folder, 0o755);
  const stop = new AbortController();
  cleanup.add(() => stop.abort());
  const postgres = await startPostgres({ dataDir: folder, port: await freePort(), signal: stop.signal });
  cleanup.add(() => postgres.stop());
  if (migrated) await migrate(postgres.ownerUrl);
  return { folder, databaseUrl: postgres.url, ownerUrl: postgres.ownerUrl };
}
