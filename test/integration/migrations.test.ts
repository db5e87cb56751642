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

test('what the graph and the index had yet to take over from feeds of their own stands in the one feed', async () => {
  const em = orm.em.fork();
  const migrator = orm.getMigrator();
  await migrator.down({ to: '20261129021000_one_feed' });
  const id = '01900000-0000-7000-8000-000000000001';
  await em.execute(`insert into artists (id, name, folded_name, name_key) values (?, 'x', 'x', 'x')`, [id]);
  await em.execute(`insert into artist_genres (artist_id, genre, source) values (?, 'y', 'test')`, [id]);
  await em.execute(`insert into albums (id, uri, name) values (?, 'test:album:x', 'x')`, [id]);
  await em.execute(`delete from catalog_changes where kind = 'artist'`);
  await em.execute(`update graph_feed set catalog_id = ?, forgotten = '8:10:8'`, [id]);
  await em.execute(`update catalog_feeds set floor = '9', holder = ? where reader = 'index'`, [id]);
  const [noted] = await em.execute<{ txid: string }[]>(`select txid::text from graph_changes where kind = 'artist'`);
  await migrator.up();

  expect(
    await em.execute(
      `select reader, catalog_id, holder, forgotten::text, watermark from catalog_feeds where reader in ('graph', 'index') order by 1`,
    ),
  ).toEqual([
    { reader: 'graph', catalog_id: id, holder: null, forgotten: '8:10:8', watermark: null },
    { reader: 'index', catalog_id: null, holder: id, forgotten: '9:9:', watermark: null },
  ]);
  const changes = () =>
    em.execute<{ kind: string; txid: string }[]>(`select kind, txid::text from catalog_changes order by 1`);
  expect(await changes()).toMatchObject([{ kind: 'album' }, { kind: 'artist', txid: noted?.txid }, { kind: 'genres' }]);
  await em.execute(`delete from catalog_changes`);
  await em.execute(`insert into tracks (id, uri, name, album_id) values (?, 'test:track:x', 'x', ?)`, [id, id]);
  await em.execute(`insert into recordings (id, source, source_id, name, digest) values (?, 'test', 'x', 'x', '')`, [
    id,
  ]);
  await em.execute(`insert into recording_links (recording_id, kind, value) values (?, 'uri', 'test:track:x')`, [id]);
  expect((await changes()).map(({ kind }) => kind)).toEqual(['recording', 'recording', 'track', 'track']);
  await em.execute(`delete from catalog_changes`);
  await em.execute(`update albums set release_date = '1990' where id = ?`, [id]);
  expect((await changes()).map(({ kind }) => kind)).toEqual(['album', 'track']);
});
