import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { APPLICATION, DATABASE, OWNER } from '../../dev/engines/postgres/roles';
import { onDatabase } from '../../dev/engines/postgres/statements';

function setting(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is missing: this test needs the engines, so it belongs to a project with engines.`);
  return value;
}

/** The test run's PostgreSQL as its superuser, on the database `postgres`. */
export const postgresUrl = (): string => setting('DNP_TEST_POSTGRES_URL');

/** `host:port` of the test run's Temporal; one server for all test files, so take a namespace of your own. */
export const temporalAddress = (): string => setting('DNP_TEST_TEMPORAL_ADDRESS');

/** A namespace that no other test uses. */
export async function temporalNamespace(): Promise<string> {
  const response = await fetch(`${setting('DNP_TEST_ENGINES_CONTROL')}/namespace`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** The bundle of workflows/, ready for `Worker.create({ workflowBundle })`. */
export const workflowBundle = (): { codePath: string } => ({ codePath: setting('DNP_WORKFLOW_BUNDLE') });

/** The compiled form of a source file, e.g. `api/server.ts`, for tests that start it as a process. */
export const compiledProgram = (source: string): string =>
  join(setting('DNP_TEST_PROGRAMS'), source.replace(/\.ts$/, '.js'));

/** The test run's Neo4j, started at the first call (some seconds). */
export async function neo4j(): Promise<{ url: string; user: string; password: string }> {
  const response = await fetch(`${setting('DNP_TEST_ENGINES_CONTROL')}/neo4j`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as { url: string; user: string; password: string };
}

export interface TestDatabase {
  /** As the application sees it. */
  readonly url: string;
  /** As the owner of the tables sees it. */
  readonly ownerUrl: string;
}

/**
 * A fresh copy of the migrated database, for one test file. It ends with the test run's PostgreSQL: to drop eight hundred files is
 * cheap, but ext4 looks at each inode that was freed lately before it gives out another, so that the next copies took thrice as long.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onDatabase(postgresUrl(), (run) => run(`create database ${name} template ${DATABASE} owner ${OWNER}`));
  const withName = (url: string) => {
    const address = new URL(url);
    address.pathname = `/${name}`;
    return address.href;
  };
  return {
    url: withName(setting('DNP_TEST_POSTGRES_APP_URL')),
    ownerUrl: withName(setting('DNP_TEST_POSTGRES_OWNER_URL')),
  };
}

/** The role that `TestDatabase.url` signs in as. */
export const applicationRole = APPLICATION;
