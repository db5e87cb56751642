import { parseAppleMusicUri } from '../../domain/apple-music-uri';
import type { StreamingProvider } from '../../domain/capabilities';
import { artistUri, itemAddress } from '../../domain/item-address';
import type { CreditedArtist, LibraryAlbum, LibraryTrack } from '../../domain/library';
import type { AddressKind } from '../../domain/provider-uri';
import type { EntityManager } from './orm';

/** What the catalog knows of some addresses, by URI; what it does not know is in none of the maps. */
export interface CheckedItems {
  tracks: Map<string, LibraryTrack>;
  albums: Map<string, LibraryAlbum>;
  artists: Map<string, CreditedArtist>;
}

/**
 * As an array, and each list of artists by itself, not joined: so rows are looked up in indexes however large the catalog is, also
 * just after a first sync, when the database has no statistics of it.
 */
const given = `any(array(select jsonb_array_elements_text(?::jsonb)))`;

/** Reads tracks, albums and artists by their URIs; pictures, addresses and names of albums are left out. */
export async function loadCheckedItems(em: EntityManager, uris: readonly string[]): Promise<CheckedItems> {
  const ofKind = (kind: AddressKind) => uris.filter((uri) => itemAddress(uri)?.kind === kind);
  return {
    tracks: await loadTracks(em, ofKind('track')),
    albums: await loadAlbums(em, ofKind('album')),
    artists: await loadArtists(em, ofKind('artist')),
  };
}

async function loadTracks(em: EntityManager, uris: readonly string[]): Promise<CheckedItems['tracks']> {
  if (uris.length === 0) return new Map();
  const rows = await em.execute<
    (Credited & {
      id: string;
      name: string;
      duration_ms: number | null;
      album_id: string | null;
      album_artist_ids: string[];
    })[]
  >(
    `select t.id, t.uri, t.name, t.duration_ms, t.album_id,
       array(select c.artist_id::text from track_artists c where c.track_id = t.id order by c.position) as artist_ids,
       array(select c.artist_id::text from album_artists c where c.album_id = t.album_id order by c.position) as album_artist_ids
     from tracks t where t.uri = ${given}`,
    [JSON.stringify(uris)],
  );
  const artistsOf = await creditedArtists(em, rows);
  return new Map(
    rows.map((row) => [
      row.uri,
      {
        id: row.id,
        uri: row.uri,
        name: row.name,
        durationMs: row.duration_ms,
        albumId: row.album_id,
        albumName: null,
        imageUrl: null,
        url: null,
        artists: artistsOf(row),
        albumArtistIds: row.album_artist_ids,
      },
    ]),
  );
}

async function loadAlbums(em: EntityManager, uris: readonly string[]): Promise<CheckedItems['albums']> {
  if (uris.length === 0) return new Map();
  const rows = await em.execute<(Credited & { id: string; name: string })[]>(
    `select l.id, l.uri, l.name, array(select c.artist_id::text from album_artists c where c.album_id = l.id order by c.position) as artist_ids
     from albums l where l.uri = ${given}`,
    [JSON.stringify(uris)],
  );
  const artistsOf = await creditedArtists(em, rows);
  return new Map(
    rows.map((row) => [
      row.uri,
      { id: row.id, uri: row.uri, name: row.name, imageUrl: null, url: null, artists: artistsOf(row) },
    ]),
  );
}

/** A row with the artists credited on it, first to last. */
interface Credited {
  uri: string;
  artist_ids: string[];
}

/** Reads who is credited on these rows, each with the id of the provider whose URI the row has. */
async function creditedArtists(
  em: EntityManager,
  rows: readonly Credited[],
): Promise<(row: Credited) => CreditedArtist[]> {
  const found = await em.execute<
    { id: string; name: string; provider_ids: Partial<Record<StreamingProvider, string>> | null }[]
  >(
    `select a.id, a.name, (select jsonb_object_agg(i.provider, i.provider_id order by i.provider_id desc) from artist_provider_ids i
       where i.artist_id = a.id) as provider_ids
     from artists a where a.id = any(array(select (jsonb_array_elements_text(?::jsonb))::uuid))`,
    [JSON.stringify([...new Set(rows.flatMap((row) => row.artist_ids))])],
  );
  const byId = new Map(found.map((artist) => [artist.id, artist]));
  return ({ uri, artist_ids: ids }) => {
    const provider: StreamingProvider = parseAppleMusicUri(uri) ? 'apple_music' : 'spotify';
    return ids.flatMap((id) => {
      const artist = byId.get(id);
      return artist ? [{ id, name: artist.name, providerId: artist.provider_ids?.[provider] ?? '' }] : [];
    });
  };
}

async function loadArtists(em: EntityManager, uris: readonly string[]): Promise<CheckedItems['artists']> {
  if (uris.length === 0) return new Map();
  const ids = uris.map((uri) => uri.split(':').at(-1));
  const rows = await em.execute<{ id: string; name: string; provider: string; provider_id: string }[]>(
    `select a.id, a.name, i.provider, i.provider_id from artist_provider_ids i join artists a on a.id = i.artist_id
      where i.provider in ('spotify', 'apple_music') and i.provider_id = ${given}`,
    [JSON.stringify(ids)],
  );
  return new Map(
    rows.map(({ id, name, provider, provider_id: providerId }) => [
      artistUri(provider, providerId),
      { id, name, providerId },
    ]),
  );
}
