import { Connection } from '@temporalio/client';
import { createTestDatabase, postgresUrl, temporalAddress } from '../../support/engines';
import { onDatabase } from '../../../dev/engines/postgres/statements';

describe('the engines of a test run', () => {
  it('give each test file a database of its own, in which the application can’t own or change a table', async () => {
    const [one, other] = [await createTestDatabase(), await createTestDatabase()];
    await onDatabase(one.ownerUrl, (run) => run('create table only_here (id int)'));
    await onDatabase(one.url, async (run) => {
      await run('insert into only_here values (1)');
      expect(await run('select id from only_here')).toEqual([{ id: 1 }]);
      await expect(run('drop table only_here')).rejects.toThrow(/must be owner/);
      await expect(run('create table mine (id int)')).rejects.toThrow(/permission denied/);
      expect(await run('select rolsuper from pg_roles where rolname = current_user')).toEqual([{ rolsuper: false }]);
    });
    await onDatabase(other.url, async (run) => {
      expect(await run("select to_regclass('only_here') as found")).toEqual([{ found: null }]);
    });
  });

  it('bring the extensions that the tables use', async () => {
    const database = await createTestDatabase();
    const names = await onDatabase(database.url, (run) => run<{ extname: string }>('select extname from pg_extension'));
    expect(names.map(({ extname }) => extname)).toEqual(
      expect.arrayContaining(['citext', 'pg_trgm', 'unaccent', 'pgcrypto', 'fuzzystrmatch']),
    );
  });

  it('sort and fold text the same everywhere, by the built-in UTF-8 locale', async () => {
    const rows = await onDatabase(postgresUrl(), (run) =>
      run("select datlocprovider, datlocale from pg_database where datname = 'do_not_play'"),
    );
    expect(rows).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8' }]);
  });

  it('keep closed workflows for thirty days and know our search attributes', async () => {
    const connection = await Connection.connect({ address: temporalAddress() });
    try {
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 60 * 60);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(['UserId', 'Provider', 'JobType']));
    } finally {
      await connection.close();
    }
  });
});
