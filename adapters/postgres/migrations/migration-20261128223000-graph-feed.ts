import { Migration } from '@mikro-orm/migrations';

/** What changes in the catalog, for the artist graph to take over, and the syncs that did. */
export class Migration20261128223000GraphFeed extends Migration {
  override up(): void {
    this.addSql(
      `create table "graph_changes" ("txid" xid8 not null default pg_current_xact_id(), "kind" varchar(10) not null, "subject_id" uuid not null,
         constraint "graph_changes_pkey" primary key ("txid", "kind", "subject_id"))`,
    );
    this.addSql(
      `create table "graph_feed" ("id" smallint not null, "catalog_id" uuid null, "floor" xid8 not null default pg_current_xact_id(), "holder" uuid null,
         "held_until" timestamptz(3) null, "compared_at" timestamptz(3) null, constraint "graph_feed_pkey" primary key ("id"))`,
    );
    this.addSql(`insert into "graph_feed" ("id") values (1)`);
    this.addSql(
      `create table "graph_syncs" ("id" uuid not null, "job_id" uuid null, "mode" varchar(12) not null, "reason" varchar(20) not null, "status" varchar(12) not null default 'running',
         "artists" int not null default 0, "albums" int not null default 0, "tracks" int not null default 0, "collaborations" int not null default 0, "removed" int not null default 0,
         "failure_code" varchar(60) null, "started_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null, constraint "graph_syncs_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "graph_syncs_started_at_index" on "graph_syncs" ("started_at")`);
    this.addSql(`create function note_graph_change() returns trigger language plpgsql as $$ begin
      execute format('insert into graph_changes (kind, subject_id) select distinct %L, %I from changed on conflict do nothing', tg_argv[0], tg_argv[1]);
      return null;
    end $$`);
    // The years of what is on an album are the album's.
    this.addSql(`create function note_album_tracks() returns trigger language plpgsql as $$ begin
      insert into graph_changes (kind, subject_id) select distinct 'track', t.id from changed c join tracks t on t.album_id = c.id on conflict do nothing;
      return null;
    end $$`);
    for (const [table, kind, column] of watched) {
      for (const [operation, rows] of [
        ['insert', 'new'],
        ['update', 'new'],
        ['delete', 'old'],
      ])
        this.addSql(
          `create trigger "${table}_${operation}_to_graph" after ${operation} on "${table}" referencing ${rows} table as changed
             for each statement execute function note_graph_change('${kind}', '${column}')`,
        );
    }
    this.addSql(
      `create trigger "albums_years_to_graph" after update on "albums" referencing new table as changed for each statement execute function note_album_tracks()`,
    );
  }

  override down(): void {
    this.addSql(`drop trigger "albums_years_to_graph" on "albums"`);
    for (const [table] of watched)
      for (const operation of ['insert', 'update', 'delete'])
        this.addSql(`drop trigger "${table}_${operation}_to_graph" on "${table}"`);
    this.addSql(`drop function note_album_tracks()`);
    this.addSql(`drop function note_graph_change()`);
    for (const table of ['graph_syncs', 'graph_feed', 'graph_changes']) this.addSql(`drop table "${table}"`);
  }
}

/** Whose rows make the graph, as what, and by which column. */
const watched = [
  ['artists', 'artist', 'id'],
  ['albums', 'album', 'id'],
  ['tracks', 'track', 'id'],
  ['track_artists', 'track', 'track_id'],
] as const;
