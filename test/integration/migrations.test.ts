import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { migrations } from '../../adapters/postgres/migrations';
import { migrationOptions } from '../../adapters/postgres/migrate';
import { createTestDatabase, type TestDatabase } from '../support/engines';

let database: TestDatabase;
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await MikroORM.init(migrationOptions(database.ownerUrl, { max: 2 }));
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

test('the migrations lead to exactly the schema that the entities describe', async () => {
  expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  expect(await orm.getMigrator().checkMigrationNeeded()).toBe(false);
});

test('every migration file is in the list, in order', () => {
  const files = readdirSync(join(__dirname, '..', '..', 'adapters', 'postgres', 'migrations'))
    .filter((name) => name.startsWith('migration-'))
    .map((name) => name.replace(/^migration-(\d+)-(.*)\.ts$/, '$1_$2').replaceAll('-', '_'));
  expect(migrations.map((migration) => migration.name)).toEqual(files.sort());
});

test('the application may change rows but neither tables nor what others may', async () => {
  const app = await MikroORM.init(migrationOptions(database.url, { max: 1 }));
  const em = app.em.fork();
  await expect(
    em.execute(`insert into users (id, display_name) values (gen_random_uuid(), 'x')`),
  ).resolves.toBeDefined();
  await expect(em.execute(`alter table users add column surprise text`)).rejects.toThrow(/owner/);
  await expect(em.execute(`drop table users`)).rejects.toThrow(/owner/);
  await app.close(true);
});
