import { nameKey } from '../../domain/name-keys';
import { foldName } from '../../domain/names';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** An artist as a provider names it. */
export interface SeenArtist {
  providerId: string;
  name: string;
  imageUrl?: string | null;
}

export interface SeenAlbum {
  uri: string;
  name: string;
  imageUrl: string | null;
  /** A year, a month or a day. */
  releaseDate: string | null;
  artists: SeenArtist[];
}

export interface SeenTrack {
  uri: string;
  name: string;
  durationMs: number | null;
  isrc: string | null;
  artists: SeenArtist[];
  album: SeenAlbum | null;
}

interface IdRow {
  key: string;
  id: string;
}

/** Whom a provider's id means now, and whom it was given for, which is somebody else after a merge. */
interface CreditedId {
  id: string;
  givenId: string;
}

/** Makes sure that the catalog has these artists; returns their ids by provider id. Names already known stay. */
export async function rememberArtists(
  em: EntityManager,
  provider: string,
  artists: readonly SeenArtist[],
): Promise<Map<string, string>> {
  const known = await rememberCredited(em, provider, artists);
  return new Map([...known].map(([providerId, { id }]) => [providerId, id]));
}

async function rememberCredited(
  em: EntityManager,
  provider: string,
  artists: readonly SeenArtist[],
): Promise<Map<string, CreditedId>> {
  const seen = new Map(artists.map((artist) => [artist.providerId, artist]));
  const known = await artistIds(em, provider, [...seen.keys()]);
  const missing = [...seen.values()].filter((artist) => !known.has(artist.providerId));
  if (missing.length === 0) return known;
  return em.transactional(async (tx) => {
    // Two libraries that bring the same new artist at once must make one row of it.
    await tx.execute(`select pg_advisory_xact_lock(hashtext('catalog.artists'))`);
    const already = await artistIds(
      tx,
      provider,
      missing.map((artist) => artist.providerId),
    );
    const rows = missing
      .filter((artist) => !already.has(artist.providerId))
      .map((artist) => ({
        id: newId(),
        provider_id: artist.providerId,
        name: artist.name,
        folded_name: foldName(artist.name),
        name_key: nameKey(artist.name),
        image_url: artist.imageUrl ?? null,
      }));
    await tx.execute(
      `with rows as (select * from jsonb_to_recordset(?::jsonb) as r(id uuid, provider_id text, name text, folded_name text, name_key text, image_url text)),
        made as (insert into artists (id, name, folded_name, name_key, image_url) select id, name, folded_name, name_key, image_url from rows)
       insert into artist_provider_ids (provider, provider_id, artist_id) select ?, provider_id, id from rows`,
      [JSON.stringify(rows), provider],
    );
    const made = rows.map((row): [string, CreditedId] => [row.provider_id, { id: row.id, givenId: row.id }]);
    return new Map([...known, ...already, ...made]);
  });
}

async function artistIds(em: EntityManager, provider: string, providerIds: string[]): Promise<Map<string, CreditedId>> {
  if (providerIds.length === 0) return new Map();
  const rows = await em.execute<(IdRow & CreditedId)[]>(
    `select provider_id as key, artist_id as id, coalesce(given_artist_id, artist_id) as "givenId" from artist_provider_ids
     where provider = ? and provider_id in (select jsonb_array_elements_text(?::jsonb))`,
    [provider, JSON.stringify(providerIds)],
  );
  return new Map(rows.map(({ key, id, givenId }) => [key, { id, givenId }]));
}

/** Makes sure that the catalog has these albums with their artists; returns their ids by URI. */
export async function rememberAlbums(
  em: EntityManager,
  provider: string,
  albums: readonly SeenAlbum[],
): Promise<Map<string, string>> {
  const seen = new Map(albums.map((album) => [album.uri, album]));
  const known = await idsByUri(em, 'albums', [...seen.keys()]);
  const missing = [...seen.values()].filter((album) => !known.has(album.uri));
  if (missing.length === 0) return known;
  const artists = await rememberCredited(
    em,
    provider,
    missing.flatMap((album) => album.artists),
  );
  const rows = missing
    .map((album) => ({
      id: newId(),
      uri: album.uri,
      name: album.name,
      image_url: album.imageUrl,
      release_date: album.releaseDate,
      artists: creditIds(album.artists, artists),
    }))
    .sort((a, b) => (a.uri < b.uri ? -1 : 1));
  await em.execute(
    `with rows as (select * from jsonb_to_recordset(?::jsonb) as r(id uuid, uri text, name text, image_url text, release_date text, artists jsonb)),
      made as (insert into albums (id, uri, name, image_url, release_date) select id, uri, name, image_url, release_date from rows
        on conflict (uri) do nothing returning id)
     insert into album_artists (album_id, position, artist_id)
     select r.id, (a.n - 1)::smallint, a.artist_id::uuid from rows r join made using (id), jsonb_array_elements_text(r.artists) with ordinality as a(artist_id, n)`,
    [JSON.stringify(rows)],
  );
  return new Map([
    ...known,
    ...(await idsByUri(
      em,
      'albums',
      missing.map((album) => album.uri),
    )),
  ]);
}

/** Makes sure that the catalog has these tracks with their albums and credits in the provider's order. */
export async function rememberTracks(em: EntityManager, provider: string, tracks: readonly SeenTrack[]): Promise<void> {
  const seen = new Map(tracks.map((track) => [track.uri, track]));
  const known = await idsByUri(em, 'tracks', [...seen.keys()]);
  const missing = [...seen.values()].filter((track) => !known.has(track.uri));
  if (missing.length === 0) return;
  const albums = await rememberAlbums(
    em,
    provider,
    missing.flatMap((track) => (track.album ? [track.album] : [])),
  );
  const artists = await rememberCredited(
    em,
    provider,
    missing.flatMap((track) => track.artists),
  );
  const rows = missing
    .map((track) => ({
      id: newId(),
      uri: track.uri,
      name: track.name,
      album_id: track.album ? (albums.get(track.album.uri) ?? null) : null,
      duration_ms: track.durationMs,
      isrc: track.isrc,
      artists: creditIds(track.artists, artists),
    }))
    .sort((a, b) => (a.uri < b.uri ? -1 : 1));
  await em.execute(
    `with rows as (select * from jsonb_to_recordset(?::jsonb) as r(id uuid, uri text, name text, album_id uuid, duration_ms int, isrc text, artists jsonb)),
      made as (insert into tracks (id, uri, name, album_id, duration_ms, isrc) select id, uri, name, album_id, duration_ms, isrc from rows
        on conflict (uri) do nothing returning id)
     insert into track_artists (track_id, position, artist_id)
     select r.id, (a.n - 1)::smallint, a.artist_id::uuid from rows r join made using (id), jsonb_array_elements_text(r.artists) with ordinality as a(artist_id, n)`,
    [JSON.stringify(rows)],
  );
}

/** Whom credits were given for, in their order; each artist of now once. */
function creditIds(credits: readonly SeenArtist[], ids: Map<string, CreditedId>): string[] {
  const given = new Map<string, string>();
  for (const { providerId } of credits) {
    const credited = ids.get(providerId);
    if (credited && !given.has(credited.id)) given.set(credited.id, credited.givenId);
  }
  return [...given.values()];
}

/** Those of the tracks or albums that the catalog does not have yet. */
export async function unknownUris(
  em: EntityManager,
  table: 'albums' | 'tracks',
  uris: readonly string[],
): Promise<string[]> {
  const distinct = [...new Set(uris)];
  const known = await idsByUri(em, table, distinct);
  return distinct.filter((uri) => !known.has(uri));
}

async function idsByUri(em: EntityManager, table: 'albums' | 'tracks', uris: string[]): Promise<Map<string, string>> {
  if (uris.length === 0) return new Map();
  const rows = await em.execute<IdRow[]>(
    `select uri as key, id from ${table} where uri in (select jsonb_array_elements_text(?::jsonb))`,
    [JSON.stringify(uris)],
  );
  return new Map(rows.map((row) => [row.key, row.id]));
}
