import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../dev/engines/project-root';
import { DATABASE } from '../../dev/engines/postgres/roles';
import { onDatabase } from '../../dev/engines/postgres/statements';
import type { RunningPostgres } from '../../dev/engines/postgres';

/** Migrates the database of the test run once; each test file then gets a copy, which takes some tens of milliseconds. */
export async function buildTemplate(postgres: RunningPostgres): Promise<void> {
  const file = join(projectRoot, 'adapters', 'postgres', 'migrate.ts');
  if (existsSync(file)) {
    const { migrate } = (await import(file)) as { migrate(url: string): Promise<void> };
    await migrate(postgres.ownerUrl);
  }
  await onDatabase(postgres.superuserUrl ?? '', async (run) => {
    await run(`alter database ${DATABASE} with is_template true allow_connections false`);
  });
}
