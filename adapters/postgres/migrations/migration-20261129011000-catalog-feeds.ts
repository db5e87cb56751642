import { Migration } from '@mikro-orm/migrations';

/** What changes in the catalog, for the index of artists to take over, and for whoever looks for artists that are there twice. */
export class Migration20261129011000CatalogFeeds extends Migration {
  override up(): void {
    this.addSql(
      `create table "catalog_changes" ("txid" xid8 not null default pg_current_xact_id(), "kind" varchar(10) not null, "subject_id" uuid not null,
         constraint "catalog_changes_pkey" primary key ("txid", "kind", "subject_id"))`,
    );
    this.addSql(
      `create table "catalog_feeds" ("reader" varchar(10) not null, "catalog_id" uuid null, "floor" xid8 not null default pg_current_xact_id(), "holder" uuid null,
         "held_until" timestamptz(3) null, "compared_at" timestamptz(3) null, constraint "catalog_feeds_pkey" primary key ("reader"))`,
    );
    this.addSql(`insert into "catalog_feeds" ("reader") values ('index'), ('links')`);
    this.addSql(`create function note_catalog_change() returns trigger language plpgsql as $$ begin
      execute format('insert into catalog_changes (kind, subject_id) select distinct %L, %I from changed on conflict do nothing', tg_argv[0], tg_argv[1]);
      return null;
    end $$`);
    for (const [table, kind, column] of watched)
      for (const [operation, rows] of operations)
        this.addSql(
          `create trigger "${table}_${operation}_to_index" after ${operation} on "${table}" referencing ${rows} table as changed
             for each statement execute function note_catalog_change('${kind}', '${column}')`,
        );
  }

  override down(): void {
    for (const [table] of watched)
      for (const [operation] of operations) this.addSql(`drop trigger "${table}_${operation}_to_index" on "${table}"`);
    this.addSql(`drop function note_catalog_change()`);
    for (const table of ['catalog_feeds', 'catalog_changes']) this.addSql(`drop table "${table}"`);
  }
}

/** Whose rows make the index, as what, and by which column. */
const watched = [
  ['artists', 'artist', 'id'],
  ['artist_aliases', 'aliases', 'artist_id'],
  ['artist_genres', 'genres', 'artist_id'],
  ['tracks', 'track', 'id'],
  ['track_artists', 'track', 'track_id'],
] as const;
const operations = [
  ['insert', 'new'],
  ['update', 'new'],
  ['delete', 'old'],
] as const;
