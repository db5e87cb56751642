import { Migration } from '@mikro-orm/migrations';

/** What changes in imported recordings, and whose they are, for the artist graph to take over. */
export class Migration20261129015100GraphRecordings extends Migration {
  override up(): void {
    this.addSql(`create function note_recordings(ids uuid[]) returns void language sql as $$
      insert into graph_changes (kind, subject_id) select 'recording', id from unnest(ids) as id on conflict do nothing;
      insert into graph_changes (kind, subject_id)
        select 'track', t.id from unnest(ids) as given(id) join recording_links l on l.recording_id = given.id
          join tracks t on upper(replace(t.isrc, '-', '')) = l.value where l.kind = 'isrc'
        union select 'track', t.id from unnest(ids) as given(id) join recording_links l on l.recording_id = given.id
          join tracks t on t.uri = l.value where l.kind = 'uri'
        on conflict do nothing;
    $$`);
    this.addSql(`create function note_recording_credits() returns trigger language plpgsql as $$ begin
      perform note_recordings(array(select distinct recording_id from changed));
      return null;
    end $$`);
    // Also what a link no longer leads to.
    this.addSql(`create function note_recording_links() returns trigger language plpgsql as $$ begin
      insert into graph_changes (kind, subject_id)
        select 'recording', recording_id from changed
        union select 'track', t.id from changed c join tracks t on upper(replace(t.isrc, '-', '')) = c.value where c.kind = 'isrc'
        union select 'track', t.id from changed c join tracks t on t.uri = c.value where c.kind = 'uri'
        on conflict do nothing;
      return null;
    end $$`);
    // An artist who gets an id, or gives it to another one, is credited wherever an import names it.
    this.addSql(`create function note_credited_ids() returns trigger language plpgsql as $$ begin
      perform note_recordings(array(select distinct r.recording_id from changed c join recording_credits r
        on r.provider = c.provider and r.provider_id = c.provider_id));
      return null;
    end $$`);
    // A recording stands by itself until a track comes that is the same.
    this.addSql(`create function note_track_recordings() returns trigger language plpgsql as $$ begin
      insert into graph_changes (kind, subject_id)
        select 'recording', l.recording_id from changed c join recording_links l on l.kind = 'isrc' and l.value = upper(replace(c.isrc, '-', ''))
        union select 'recording', l.recording_id from changed c join recording_links l on l.kind = 'uri' and l.value = c.uri
        on conflict do nothing;
      return null;
    end $$`);
    for (const [table, name, call] of watched)
      for (const [operation, rows] of operations)
        this.addSql(
          `create trigger "${table}_${operation}_${rows}_${name}" after ${operation} on "${table}" referencing ${rows} table as changed
             for each statement execute function ${call}`,
        );
  }

  override down(): void {
    for (const [table, name] of watched)
      for (const [operation, rows] of operations)
        this.addSql(`drop trigger "${table}_${operation}_${rows}_${name}" on "${table}"`);
    for (const name of ['track_recordings', 'credited_ids', 'recording_links', 'recording_credits'])
      this.addSql(`drop function note_${name}()`);
    this.addSql(`drop function note_recordings(uuid[])`);
  }
}

const operations = [
  ['insert', 'new'],
  ['update', 'new'],
  ['update', 'old'],
  ['delete', 'old'],
] as const;

/** A table, what its triggers note, and how. */
const watched = [
  ['recordings', 'to_graph', `note_graph_change('recording', 'id')`],
  ['recording_credits', 'to_graph', `note_recording_credits()`],
  ['recording_links', 'to_graph', `note_recording_links()`],
  ['artist_provider_ids', 'to_graph', `note_credited_ids()`],
  ['tracks', 'recordings_to_graph', `note_track_recordings()`],
] as const;
