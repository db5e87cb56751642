import type { ImportedRelease } from '../../domain/catalog-imports';
import { formatMusicBrainzUri } from '../../domain/musicbrainz-address';
import { newId } from './ids';
import type { EntityManager } from './orm';

interface Release {
  seq: number;
  entry: ImportedRelease;
  /** Of its recordings, as their source calls them. */
  recordingIds: readonly string[];
}

/**
 * Takes releases into the catalog as albums, in the caller's transaction, with the artists that the catalog has and the recordings
 * that are on them. Says of which rows something was new.
 */
export async function takeReleases(
  tx: EntityManager,
  source: string,
  releases: readonly Release[],
): Promise<Set<number>> {
  const byUri = new Map(releases.map((release) => [formatMusicBrainzUri('release', release.entry.sourceId), release]));
  if (byUri.size === 0) return new Set();
  const albums = [...byUri].map(([uri, { entry }]) => ({
    id: newId(),
    uri,
    name: entry.name,
    image: entry.imageUrl,
    date: entry.releaseDate,
  }));
  const written = new Set<string>();
  const note = (rows: { uri: string }[]) => rows.forEach(({ uri }) => written.add(uri));
  note(
    await tx.execute<{ uri: string }[]>(
      `insert into albums as old (id, uri, name, image_url, release_date) select id, uri, name, image, date
       from jsonb_to_recordset(?::jsonb) as r(id uuid, uri text, name text, image text, date text) order by uri
       on conflict (uri) do update set name = excluded.name, image_url = excluded.image_url, release_date = excluded.release_date
         where (old.name, old.image_url, old.release_date) is distinct from (excluded.name, excluded.image_url, excluded.release_date)
       returning uri`,
      [JSON.stringify(albums)],
    ),
  );
  const credits = [...byUri].flatMap(([uri, { entry }]) =>
    entry.artists.map(({ provider, value }, position) => ({ uri, position, provider, value })),
  );
  note(
    await tx.execute<{ uri: string }[]>(
      `with said as (select l.id as album_id, r.uri, r.position, coalesce(i.given_artist_id, i.artist_id) as artist_id
         from jsonb_to_recordset(?::jsonb) as r(uri text, position smallint, provider text, value text)
         join albums l on l.uri = r.uri join artist_provider_ids i on i.provider = r.provider and i.provider_id = r.value),
       made as (insert into album_artists as old (album_id, position, artist_id) select album_id, position, artist_id from said
         on conflict (album_id, position) do update set artist_id = excluded.artist_id, given_artist_id = excluded.given_artist_id
           where (old.artist_id, old.given_artist_id) is distinct from (excluded.artist_id, excluded.given_artist_id) returning album_id)
       select distinct uri from said where album_id in (select album_id from made)`,
      [JSON.stringify(credits)],
    ),
  );
  const places = [...byUri].flatMap(([uri, { recordingIds }]) => recordingIds.map((recording) => ({ uri, recording })));
  note(
    await tx.execute<{ uri: string }[]>(
      `with said as (select l.id as album_id, s.uri, r.id as recording_id from jsonb_to_recordset(?::jsonb) as s(uri text, recording text)
         join albums l on l.uri = s.uri join recordings r on r.source = ? and r.source_id = s.recording),
       made as (insert into recording_albums (recording_id, album_id) select distinct recording_id, album_id from said
         on conflict do nothing returning album_id)
       select distinct uri from said where album_id in (select album_id from made)`,
      [JSON.stringify(places), source],
    ),
  );
  return new Set([...written].flatMap((uri) => byUri.get(uri)?.seq ?? []));
}
