import { migrate } from '../../adapters/postgres/migrate';

/** Brings the schema up to date and ends; runs once before the API and the workers of a new version. */
const url = process.env.MIGRATION_DATABASE_URL || process.env.DATABASE_URL;

if (!url) {
  process.stderr.write('Set MIGRATION_DATABASE_URL to the database as the owner of its tables sees it.\n');
  process.exitCode = 2;
} else {
  migrate(url).catch((error: unknown) => {
    process.stderr.write(`The migration failed: ${error instanceof Error ? error.message : 'unknown failure'}\n`);
    process.exitCode = 1;
  });
}
