import { migrate } from '../../adapters/postgres/migrate';
import { DATABASE } from '../../dev/engines/postgres/roles';
import { onDatabase } from '../../dev/engines/postgres/statements';
import type { RunningPostgres } from '../../dev/engines/postgres';

/** Migrates the database of the test run once; each test file then gets a copy, which takes some tens of milliseconds. */
export async function buildTemplate(postgres: RunningPostgres): Promise<void> {
  await migrate(postgres.ownerUrl);
  await onDatabase(postgres.superuserUrl ?? '', async (run) => {
    await run(`alter database ${DATABASE} with is_template true allow_connections false`);
  });
}
