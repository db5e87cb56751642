import type { Performer, SourcedRecording } from '../../domain/linkage/sourced-recording';
import { givenIds } from './erasure';
import { creditedArtist, releaseYear } from './graph-tracks';
import type { EntityManager } from './orm';

/** Releases of one recording that are compared. */
const mostAlbums = 10;

/** What sources say of these tracks and imported recordings, by their ids; what is gone is left out. */
export async function sourcedRecordings(
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, SourcedRecording>> {
  if (ids.length === 0) return new Map();
  const given = JSON.stringify(ids);
  const rows = [...(await tracksAsSourced(em, given)), ...(await recordingsAsSourced(em, given))];
  return new Map(rows.map((row) => [row.id, row]));
}

async function tracksAsSourced(em: EntityManager, given: string): Promise<SourcedRecording[]> {
  const rows = await em.execute<
    {
      id: string;
      uri: string;
      title: string;
      ms: number | null;
      isrc: string | null;
      album: string | null;
      year: number | null;
      performers: Performer[] | null;
    }[]
  >(
    `select t.id, t.uri, t.name as title, t.duration_ms as ms, upper(replace(t.isrc, '-', '')) as isrc, al.name as album, ${releaseYear} as year,
       (select jsonb_agg(jsonb_build_object('artistId', a.id, 'name', a.name) order by x.position)
         from track_artists x join artists a on a.id = x.artist_id where x.track_id = t.id) as performers
     from tracks t left join albums al on al.id = t.album_id where t.id in ${givenIds}`,
    [given],
  );
  return rows.map(({ id, uri, title, ms, isrc, album, year, performers }) => ({
    id,
    kind: 'track',
    source: sourceOfTrack(uri),
    title,
    performers: performers ?? [],
    albums: album === null ? [] : [{ name: album, year }],
    seconds: secondsOf(ms),
    isrcs: isrc ? [isrc] : [],
    addresses: [uri],
  }));
}

async function recordingsAsSourced(em: EntityManager, given: string): Promise<SourcedRecording[]> {
  const rows = await em.execute<
    {
      id: string;
      source: string;
      title: string;
      ms: number | null;
      links: { kind: string; value: string }[] | null;
      albums: { name: string; year: number | null }[] | null;
      performers: Performer[] | null;
    }[]
  >(
    `select r.id, r.source, r.name as title, r.duration_ms as ms,
       (select jsonb_agg(jsonb_build_object('kind', l.kind, 'value', l.value)) from recording_links l where l.recording_id = r.id) as links,
       (select jsonb_agg(jsonb_build_object('name', al.name, 'year', ${releaseYear})) from
         (select album_id from recording_albums where recording_id = r.id order by album_id limit ${mostAlbums}) ra join albums al on al.id = ra.album_id) as albums,
       (select jsonb_agg(jsonb_build_object('artistId', i.artist_id, 'name', c.name) order by c.seq)
         from recording_credits c left join ${creditedArtist} where c.recording_id = r.id and c.role = 'performer') as performers
     from recordings r where r.id in ${givenIds}`,
    [given],
  );
  return rows.map(({ id, source, title, ms, links, albums, performers }) => {
    const linked = (kind: string) => (links ?? []).flatMap((link) => (link.kind === kind ? [link.value] : []));
    return {
      id,
      kind: 'recording',
      source: importedSource(source),
      title,
      performers: performers ?? [],
      albums: albums ?? [],
      seconds: secondsOf(ms),
      isrcs: linked('isrc'),
      addresses: linked('uri'),
    };
  });
}

/** How tracks' URIs begin. */
const trackSources = ['spotify:', 'apple-music:'];
const sourceOfTrack = (uri: string) => uri.slice(0, Math.max(0, uri.indexOf(':')));
const importedSource = (source: string) => `import ${source}`;
const secondsOf = (ms: number | null) => (ms === null || ms <= 0 ? null : ms / 1000);

/** A track or an imported recording of an artist's. */
export interface ArtistWork {
  artistId: string;
  id: string;
  source: string;
  title: string;
}

/** Of each kind and artist; more are found by the index of texts. */
const mostWorks = 2_000;

/** What these artists perform on, by ids of theirs. */
export async function worksOfArtists(em: EntityManager, artistIds: readonly string[]): Promise<ArtistWork[]> {
  const rows = await em.execute<{ artistId: string; id: string; uri: string | null; source: string; title: string }[]>(
    `with asked as materialized (select id from ${givenIds} as g(id))
     select a.id as "artistId", t.id, t.uri, '' as source, t.name as title from asked a
       cross join lateral (select track_id from track_artists x where x.artist_id = a.id order by track_id desc limit ${mostWorks}) x
       join tracks t on t.id = x.track_id
     union all
     select a.id, r.id, null, r.source, r.name from asked a join artist_provider_ids i on i.artist_id = a.id
       cross join lateral (select recording_id from recording_credits c where c.role = 'performer' and c.provider = i.provider
         and c.provider_id = i.provider_id order by recording_id desc limit ${mostWorks}) c
       join recordings r on r.id = c.recording_id`,
    [JSON.stringify(artistIds)],
  );
  return rows.map(({ uri, source, ...work }) => ({
    ...work,
    source: uri === null ? importedSource(source) : sourceOfTrack(uri),
  }));
}

/** Which tracks and recordings have one of these ISRCs (plain) or addresses, by the value. */
export async function idsByIdentifiers(
  em: EntityManager,
  { isrcs, addresses }: { isrcs: readonly string[]; addresses: readonly string[] },
): Promise<Map<string, string[]>> {
  const [codes, uris] = [JSON.stringify(isrcs), JSON.stringify(addresses)];
  const rows = await em.execute<{ value: string; id: string }[]>(
    `with codes as materialized (select jsonb_array_elements_text(?::jsonb) as value),
       uris as materialized (select jsonb_array_elements_text(?::jsonb) as value)
     select k.value, t.id from codes k join tracks t on upper(replace(t.isrc, '-', '')) = k.value
     union select k.value, l.recording_id from codes k join recording_links l on l.kind = 'isrc' and l.value = k.value
     union select k.value, t.id from uris k join tracks t on t.uri = k.value
     union select k.value, l.recording_id from uris k join recording_links l on l.kind = 'uri' and l.value = k.value`,
    [codes, uris],
  );
  const found = new Map<string, string[]>();
  for (const { value, id } of rows) found.set(value, [...(found.get(value) ?? []), id]);
  return found;
}

/** Where the catalog's tracks and recordings come from. */
export async function knownSources(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ uri: string | null; source: string }[]>(
    `with recursive imported as (
       select min(source) as source from recordings
       union all select (select min(r.source) from recordings r where r.source > i.source) from imported i where i.source is not null)
     select null as uri, source from imported where source is not null
     union all select prefix, '' from jsonb_array_elements_text(?::jsonb) as p(prefix) where exists (select from tracks where starts_with(uri, prefix))`,
    [JSON.stringify(trackSources)],
  );
  return rows.map(({ uri, source }) => (uri === null ? importedSource(source) : sourceOfTrack(uri)));
}

/** The next tracks and recordings, in the order of their ids. */
export async function sourcedIdsAfter(
  em: EntityManager,
  { after, limit }: { after: string | null; limit: number },
): Promise<string[]> {
  const next = (table: string) => `(select id from ${table} where ?::uuid is null or id > ?::uuid order by id limit ?)`;
  const page = [after, after, limit];
  const rows = await em.execute<{ id: string }[]>(
    `select id from (${next('tracks')} union all ${next('recordings')}) as sourced order by id limit ?`,
    [...page, ...page, limit],
  );
  return rows.map(({ id }) => id);
}
