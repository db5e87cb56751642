import { Migration } from '@mikro-orm/migrations';

/** Recordings that several sources have, and what has to be looked at when that changes. */
export class Migration20261129021800RecordingMatches extends Migration {
  override up(): void {
    this.addSql(
      `create table "recording_matches" ("id" uuid not null, "one_id" uuid not null, "other_id" uuid not null, "means" varchar(10) not null,
         "state" varchar(10) not null, "band" varchar(10) not null, "score" double precision not null, "doubts" text[] not null default '{}',
         "evidence" jsonb not null default '[]', "proposed_at" timestamptz(3) not null default now(), "decided_at" timestamptz(3) null,
         constraint "recording_matches_pkey" primary key ("id"))`,
    );
    this.addSql(
      `alter table "recording_matches" add constraint "recording_matches_one_id_other_id_unique" unique ("one_id", "other_id")`,
    );
    this.addSql(`create index "recording_matches_other_id_index" on "recording_matches" ("other_id")`);
    this.addSql(`create index "recording_matches_state_id_index" on "recording_matches" ("state", "id")`);
    // Whatever a recording's credits count for is looked at with it; by the graph alone, since nothing else goes by that.
    this.addSql(
      notedRecordings(`
        union select 'match', m.one_id from unnest(ids) as given(id) join recording_matches m on m.other_id = given.id and m.state = 'accepted'`),
    );
    this.addSql(`create function note_recording_matches() returns trigger language plpgsql as $$ begin
      insert into catalog_changes (kind, subject_id)
        with sides as (select one_id as id from changed union select other_id from changed)
        select 'match', id from sides
        union select 'match', t.id from sides s join recording_links l on l.recording_id = s.id
          join tracks t on upper(replace(t.isrc, '-', '')) = l.value where l.kind = 'isrc'
        union select 'match', t.id from sides s join recording_links l on l.recording_id = s.id join tracks t on t.uri = l.value where l.kind = 'uri'
        union select 'match', m.one_id from sides s join recording_matches m on m.other_id = s.id and m.state = 'accepted'
        on conflict do nothing;
      return null;
    end $$`);
    for (const [operation, rows] of operations)
      this.addSql(
        `create trigger "recording_matches_${operation}_to_feed" after ${operation} on "recording_matches" referencing ${rows} table as changed
           for each statement execute function note_recording_matches()`,
      );
    // What is there already is looked at once, too.
    this.addSql(`update "catalog_feeds" set "watermark" = null where "reader" = 'links'`);
  }

  override down(): void {
    this.addSql(`drop table "recording_matches"`);
    this.addSql(`drop function note_recording_matches()`);
    this.addSql(notedRecordings(''));
  }
}

const operations = [
  ['insert', 'new'],
  ['update', 'new'],
  ['delete', 'old'],
] as const;

/** Recordings, or tracks by their ids, with the tracks that are the same. */
const notedRecordings = (
  matched: string,
) => `create or replace function note_recordings(ids uuid[]) returns void language sql as $$
      insert into catalog_changes (kind, subject_id) select 'recording', id from unnest(ids) as id on conflict do nothing;
      insert into catalog_changes (kind, subject_id)
        select 'track', t.id from unnest(ids) as given(id) join recording_links l on l.recording_id = given.id
          join tracks t on upper(replace(t.isrc, '-', '')) = l.value where l.kind = 'isrc'
        union select 'track', t.id from unnest(ids) as given(id) join recording_links l on l.recording_id = given.id
          join tracks t on t.uri = l.value where l.kind = 'uri'${matched}
        on conflict do nothing;
    $$`;
