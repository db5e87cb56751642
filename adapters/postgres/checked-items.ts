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

/** As an array, and not joined: so each is looked up in the index, however large the catalog is. */
const given = `any(array(select jsonb_array_elements_text(?::jsonb)))`;

/** Who is credited on one row, first to last, as a JSON list, with the ids of the provider whose URI the row has. */
const credited = (table: 'track_artists' | 'album_artists', isOf: string, uri: string) =>
  `(select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'providerId', coalesce(
      (select min(i.provider_id) from artist_provider_ids i where i.artist_id = a.id
        and i.provider = replace(split_part(${uri}, ':', 1), '-', '_')), '')) order by c.position), '[]')
    from ${table} c join artists a on a.id = c.artist_id where ${isOf})`;

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
    {
      id: string;
      uri: string;
      name: string;
      duration_ms: number | null;
      album_id: string | null;
      artists: CreditedArtist[];
      album_artist_ids: string[];
    }[]
  >(
    `select t.id, t.uri, t.name, t.duration_ms, t.album_id, ${credited('track_artists', 'c.track_id = t.id', 't.uri')} as artists,
       array(select c.artist_id::text from album_artists c where c.album_id = t.album_id order by c.position) as album_artist_ids
     from tracks t where t.uri = ${given}`,
    [JSON.stringify(uris)],
  );
  return new Map(
    rows.map(({ duration_ms: durationMs, album_id: albumId, album_artist_ids: albumArtistIds, ...row }) => [
      row.uri,
      { ...row, durationMs, albumId, albumArtistIds, albumName: null, imageUrl: null, url: null },
    ]),
  );
}

async function loadAlbums(em: EntityManager, uris: readonly string[]): Promise<CheckedItems['albums']> {
  if (uris.length === 0) return new Map();
  const rows = await em.execute<{ id: string; uri: string; name: string; artists: CreditedArtist[] }[]>(
    `select l.id, l.uri, l.name, ${credited('album_artists', 'c.album_id = l.id', 'l.uri')} as artists from albums l where l.uri = ${given}`,
    [JSON.stringify(uris)],
  );
  return new Map(rows.map((row) => [row.uri, { ...row, imageUrl: null, url: null }]));
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
