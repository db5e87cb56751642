import { Migration } from '@mikro-orm/migrations';

/**
 * One feed of what changes in the catalog, of which the graph is a reader like the others; all go by snapshots. What a reader had
 * yet to take over, and whose turn it is, stays as it was. Only who is in the catalog twice is asked of everybody once: of those
 * who were there before the feed it never was.
 */
export class Migration20261129021000OneFeed extends Migration {
  override up(): void {
    // The triggers first: nobody writes to what was the graph's while it moves.
    for (const table of notedTwice)
      for (const [operation] of operations) this.addSql(`drop trigger "${table}_${operation}_to_graph" on "${table}"`);
    for (const [operation, rows] of operations) {
      this.addSql(`drop trigger "albums_${operation}_to_graph" on "albums"`);
      this.addSql(noteBy('catalog', 'albums', 'album', `albums_${operation}_to_feed`, operation, rows));
    }
    for (const [operation, rows] of images)
      this.addSql(`drop trigger "recordings_${operation}_${rows}_to_graph" on "recordings"`);
    for (const [operation, rows] of operations)
      this.addSql(noteBy('catalog', 'recordings', 'recording', `recordings_${operation}_to_feed`, operation, rows));
    for (const [table, name, reader] of renamed)
      this.addSql(`alter trigger "${name}_to_${reader}" on "${table}" rename to "${name}_to_feed"`);
    this.addSql(`drop function note_graph_change()`);
    this.addSql(notingInto('catalog_changes', 'graph_changes'));

    this.addSql(
      `alter table "catalog_changes" drop constraint "catalog_changes_pkey", add constraint "catalog_changes_pkey" primary key ("kind", "subject_id", "txid")`,
    );
    this.addSql(
      `alter table "catalog_feeds" add column "forgotten" pg_snapshot not null default pg_current_snapshot(), add column "watermark" pg_snapshot null`,
    );
    this.addSql(`update "catalog_feeds" set "forgotten" = ("floor"::text || ':' || "floor"::text || ':')::pg_snapshot`);
    this.addSql(`alter table "catalog_feeds" drop column "floor"`);
    this.addSql(
      `insert into "catalog_feeds" ("reader", "catalog_id", "forgotten", "holder", "held_until", "compared_at")
       select 'graph', "catalog_id", "forgotten", "holder", "held_until", "compared_at" from "graph_feed"`,
    );
    this.addSql(
      `insert into "catalog_changes" ("kind", "subject_id", "txid") select "kind", "subject_id", "txid" from "graph_changes" on conflict do nothing`,
    );
    this.addSql(`drop table "graph_feed"`);
    this.addSql(`drop table "graph_changes"`);
  }

  override down(): void {
    this.addSql(
      `create table "graph_changes" ("txid" xid8 not null default pg_current_xact_id(), "kind" varchar(10) not null, "subject_id" uuid not null,
         constraint "graph_changes_pkey" primary key ("kind", "subject_id", "txid"))`,
    );
    this.addSql(
      `create table "graph_feed" ("id" smallint not null, "catalog_id" uuid null, "holder" uuid null, "held_until" timestamptz(3) null,
         "compared_at" timestamptz(3) null, "forgotten" pg_snapshot not null default pg_current_snapshot(), constraint "graph_feed_pkey" primary key ("id"))`,
    );
    this.addSql(`create function note_graph_change() returns trigger language plpgsql as $$ begin
      execute format('insert into graph_changes (kind, subject_id) select distinct %L, %I from changed on conflict do nothing', tg_argv[0], tg_argv[1]);
      return null;
    end $$`);
    this.addSql(notingInto('graph_changes', 'catalog_changes'));
    for (const [table, name, reader] of renamed)
      this.addSql(`alter trigger "${name}_to_feed" on "${table}" rename to "${name}_to_${reader}"`);
    for (const table of ['albums', 'recordings'])
      for (const [operation] of operations) this.addSql(`drop trigger "${table}_${operation}_to_feed" on "${table}"`);
    for (const [operation, rows] of images)
      this.addSql(
        noteBy('graph', 'recordings', 'recording', `recordings_${operation}_${rows}_to_graph`, operation, rows),
      );
    for (const [operation, rows] of operations) {
      this.addSql(noteBy('graph', 'albums', 'album', `albums_${operation}_to_graph`, operation, rows));
      this.addSql(noteBy('graph', 'artists', 'artist', `artists_${operation}_to_graph`, operation, rows));
      this.addSql(noteBy('graph', 'tracks', 'track', `tracks_${operation}_to_graph`, operation, rows));
      this.addSql(
        noteBy('graph', 'track_artists', 'track', `track_artists_${operation}_to_graph`, operation, rows, 'track_id'),
      );
    }

    this.addSql(
      `insert into "graph_feed" ("id", "catalog_id", "holder", "held_until", "compared_at", "forgotten")
       select 1, "catalog_id", "holder", "held_until", "compared_at", "forgotten" from "catalog_feeds" where "reader" = 'graph'`,
    );
    this.addSql(
      `insert into "graph_changes" ("kind", "subject_id", "txid")
       select "kind", "subject_id", "txid" from "catalog_changes" where "kind" in ('artist', 'album', 'track', 'recording')`,
    );
    this.addSql(`delete from "catalog_changes" where "kind" in ('album', 'recording')`);
    this.addSql(`delete from "catalog_feeds" where "reader" = 'graph'`);
    this.addSql(`alter table "catalog_feeds" add column "floor" xid8 not null default pg_current_xact_id()`);
    this.addSql(`update "catalog_feeds" set "floor" = pg_snapshot_xmin(coalesce("watermark", "forgotten"))`);
    this.addSql(`alter table "catalog_feeds" drop column "forgotten", drop column "watermark"`);
    this.addSql(
      `alter table "catalog_changes" drop constraint "catalog_changes_pkey", add constraint "catalog_changes_pkey" primary key ("txid", "kind", "subject_id")`,
    );
  }
}

const operations = [
  ['insert', 'new'],
  ['update', 'new'],
  ['delete', 'old'],
] as const;
/** The same for what also notes what a row no longer says. */
const images = [...operations, ['update', 'old']] as const;

/** What was noted for the index and for the graph alike. */
const notedTwice = ['artists', 'tracks', 'track_artists'];

/** Triggers that stay: their tables, their names, and for whom they were. */
const renamed: [table: string, name: string, reader: 'index' | 'graph'][] = [
  ['albums', 'albums_years', 'graph'],
  ...operations.flatMap(([operation]) =>
    ['artists', 'artist_aliases', 'artist_genres', 'tracks', 'track_artists'].map(
      (table): [string, string, 'index'] => [table, `${table}_${operation}`, 'index'],
    ),
  ),
  ...images.flatMap(([operation, rows]): [string, string, 'graph'][] => [
    ...['recording_credits', 'recording_links', 'artist_provider_ids'].map((table): [string, string, 'graph'] => [
      table,
      `${table}_${operation}_${rows}`,
      'graph',
    ]),
    ['tracks', `tracks_${operation}_${rows}_recordings`, 'graph'],
  ]),
];

function noteBy(
  feed: 'catalog' | 'graph',
  table: string,
  kind: string,
  trigger: string,
  operation: string,
  rows: string,
  column = 'id',
): string {
  return `create trigger "${trigger}" after ${operation} on "${table}" referencing ${rows} table as changed
    for each statement execute function note_${feed}_change('${kind}', '${column}')`;
}

/** Functions that note more than the row that changed, as they are, but for where they note it. */
const notingInto = (feed: string, before: string) => `do $$ declare noting oid; begin
  for noting in select oid from pg_proc where pronamespace = current_schema()::regnamespace
    and proname in ('note_album_tracks', 'note_recordings', 'note_recording_links', 'note_track_recordings')
  loop execute replace(pg_get_functiondef(noting), '${before}', '${feed}'); end loop;
end $$`;
