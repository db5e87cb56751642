import type { ArtistPair, CreditRole, GraphTrack } from '../../domain/artist-graph';
import type { CreditRole as ImportedRole } from '../../domain/catalog-imports';
import { givenIds } from './erasure';
import { recordingsOfTracks, tracksOfRecordings } from './linked-recordings';
import type { EntityManager } from './orm';

/** Of the album `al`. A date is a year, a month or a day; some sources write nought where they know none. */
export const releaseYear = `case when al.release_date ~ '^[0-9]{4}' then nullif(left(al.release_date, 4)::int, 0) end`;

/** Whom imported credits mean: an id, never a name alone. */
export const creditedArtist = `artist_provider_ids i on i.provider = c.provider and i.provider_id = c.provider_id`;

/**
 * Tracks of the catalog, and imported recordings that none of them is, with whoever is credited on them by the provider or by
 * an import. A recording on which nobody of the catalog is credited is none of these. Read row by row: to have PostgreSQL
 * gather them costs several times as much.
 */
export async function graphTracks(em: EntityManager, ids: readonly string[]): Promise<GraphTrack[]> {
  const given = JSON.stringify(ids);
  const tracks = new Map<string, GraphTrack>();
  for (const { isrc, ...track } of await em.execute<(Omit<GraphTrack, 'credits' | 'keys'> & { isrc: string | null })[]>(
    `select t.id, t.name, ${releaseYear} as year, t.album_id as "albumId", upper(replace(t.isrc, '-', '')) as isrc
     from tracks t left join albums al on al.id = t.album_id where t.id in ${givenIds}`,
    [given],
  ))
    tracks.set(track.id, { ...track, credits: [], keys: isrc === null ? [] : [isrc] });
  const imported = await recordingsOf(em, given);
  for (const { id, name } of imported)
    if (!tracks.has(id)) tracks.set(id, { id, name, year: null, albumId: null, credits: [], keys: [] });
  const credited = new CreditBook(tracks);
  for (const { id, artistId, first } of await em.execute<{ id: string; artistId: string; first: boolean }[]>(
    `select track_id as id, artist_id as "artistId", position = 0 as first from track_artists where track_id in ${givenIds} order by track_id, position`,
    [given],
  ))
    credited.add(id, artistId, first ? 'primary' : 'featured');
  if (imported.length > 0) await addImported(em, imported, tracks, credited);
  await addMatches(em, imported, tracks);
  const apart = new Set(imported.flatMap(({ id, recordingId }) => (id === recordingId ? [id] : [])));
  return [...tracks.values()].filter(({ id, credits }) => credits.length > 0 || !apart.has(id));
}

interface ImportedTrack {
  /** The track's, or the recording's own where no track is this recording. */
  id: string;
  recordingId: string;
  name: string;
}

/** Which imported recordings these tracks are, and those of the ids that are recordings without a track. */
async function recordingsOf(em: EntityManager, given: string): Promise<ImportedTrack[]> {
  return em.execute<ImportedTrack[]>(
    `with listed as materialized (select id, upper(replace(isrc, '-', '')) as isrc, uri from tracks where id in ${givenIds}),
       described as materialized (select id as recording_id, name from recordings where id in ${givenIds}),
       linked as materialized (${tracksOfRecordings('described')}),
       found as (${recordingsOfTracks('listed')})
     select track_id as id, recording_id as "recordingId", '' as name from found
     union all select recording_id, recording_id, name from described where recording_id not in (select recording_id from linked)`,
    [given, given],
  );
}

async function addImported(
  em: EntityManager,
  imported: readonly ImportedTrack[],
  tracks: ReadonlyMap<string, GraphTrack>,
  credited: CreditBook,
): Promise<void> {
  const recordings = JSON.stringify([...new Set(imported.map(({ recordingId }) => recordingId))]);
  const links = await em.execute<{ id: string; value: string }[]>(
    `select recording_id as id, value from recording_links where recording_id in ${givenIds}`,
    [recordings],
  );
  const credits = await em.execute<{ id: string; artistId: string; role: ImportedRole; first: boolean }[]>(
    `select c.recording_id as id, i.artist_id as "artistId", c.role, c.seq = 0 as first
     from recording_credits c join ${creditedArtist} where c.recording_id in ${givenIds} order by c.recording_id, c.seq`,
    [recordings],
  );
  const [linksOf, creditsOf] = [byId(links), byId(credits)];
  for (const { id, recordingId } of imported) {
    tracks.get(id)?.keys.push(recordingId, ...(linksOf.get(recordingId) ?? []).map(({ value }) => value));
    for (const { artistId, role, first } of creditsOf.get(recordingId) ?? [])
      credited.add(id, artistId, role !== 'performer' ? role : first && id === recordingId ? 'primary' : 'featured');
  }
}

/** What is the same recording by a match has its id in common. */
async function addMatches(
  em: EntityManager,
  imported: readonly ImportedTrack[],
  tracks: ReadonlyMap<string, GraphTrack>,
): Promise<void> {
  const shown = new Map([...tracks.values()].map((track): [string, GraphTrack[]] => [track.id, [track]]));
  for (const { id, recordingId } of imported) {
    const track = tracks.get(id);
    if (track && id !== recordingId) shown.set(recordingId, [...(shown.get(recordingId) ?? []), track]);
  }
  const subjects = JSON.stringify([...shown.keys()]);
  for (const { subject, key } of await em.execute<{ subject: string; key: string }[]>(
    `select one_id as subject, id as key from recording_matches where state = 'accepted' and one_id in ${givenIds}
     union all select other_id, id from recording_matches where state = 'accepted' and other_id in ${givenIds}`,
    [subjects, subjects],
  ))
    shown.get(subject)?.forEach(({ keys }) => keys.push(key));
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const known = found.get(row.id);
    if (known) known.push(row);
    else found.set(row.id, [row]);
  }
  return found;
}

/** Credits of tracks, each once; who leads a track is no guest on it. Those that come first stay. */
class CreditBook {
  readonly #known = new Set<string>();
  constructor(readonly tracks: ReadonlyMap<string, GraphTrack>) {}

  add(id: string, artistId: string, role: CreditRole): void {
    const key = `${id} ${artistId} ${role === 'primary' || role === 'featured' ? 'performer' : role}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.tracks.get(id)?.credits.push({ artistId, role });
  }
}

/** `credited`: on which tracks the artists of the relation `given` are credited, in CTEs. */
const creditedOfGiven = `
  imported as materialized (
    select distinct i.artist_id, c.recording_id from artist_provider_ids i join recording_credits c using (provider, provider_id)
    where i.artist_id in (select id from given)),
  linked as materialized (${tracksOfRecordings('(select distinct recording_id from imported)')}),
  credited as materialized (
    select artist_id, track_id as id from track_artists where artist_id in (select id from given)
    union select m.artist_id, k.track_id from imported m join linked k using (recording_id)
    union select artist_id, recording_id from imported where recording_id not in (select recording_id from linked))`;

/** Ids of all tracks on which any of these artists is credited. */
export async function tracksOfArtists(em: EntityManager, artistIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with given as materialized (select id from ${givenIds} as g(id)), ${creditedOfGiven} select distinct id from credited`,
    [JSON.stringify(artistIds)],
  );
  return rows.map(({ id }) => id);
}

/** Ids of all tracks on which both artists of any of these pairs are credited. */
export async function tracksOfPairs(em: EntityManager, pairs: readonly ArtistPair[]): Promise<string[]> {
  if (pairs.length === 0) return [];
  const rows = await em.execute<{ id: string }[]>(
    `with pairs as materialized (select "from", "to" from jsonb_to_recordset(?::jsonb) as p("from" uuid, "to" uuid)),
       given as materialized (select "from" as id from pairs union select "to" from pairs), ${creditedOfGiven}
     select distinct x.id from pairs p join credited x on x.artist_id = p."from" join credited y on y.artist_id = p."to" and y.id = x.id`,
    [JSON.stringify(pairs)],
  );
  return rows.map(({ id }) => id);
}
