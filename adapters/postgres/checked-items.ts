import type { CreditedArtist, LibraryAlbum, LibraryTrack } from '../../domain/library';
import type { EntityManager } from './orm';
import { loadPlanCatalog } from './plan-library';

/** What the catalog knows of some addresses, by URI; what it does not know is in none of the maps. */
export interface CheckedItems {
  tracks: Map<string, LibraryTrack>;
  albums: Map<string, LibraryAlbum>;
  artists: Map<string, CreditedArtist>;
}

/** Reads tracks, albums and artists by their provider's URIs. */
export async function loadCheckedItems(em: EntityManager, uris: readonly string[]): Promise<CheckedItems> {
  const asked = JSON.stringify(uris);
  const tracks = await em.execute<{ id: string }[]>(
    `select id from tracks where uri in (select jsonb_array_elements_text(?::jsonb))`,
    [asked],
  );
  const albums = await em.execute<{ id: string; uri: string; name: string; artists: CreditedArtist[] }[]>(
    `select l.id, l.uri, l.name, coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'providerId', '') order by c.position)
         filter (where a.id is not null), '[]') as artists
       from albums l left join album_artists c on c.album_id = l.id left join artists a on a.id = c.artist_id
      where l.uri in (select jsonb_array_elements_text(?::jsonb)) group by l.id`,
    [asked],
  );
  const artists = await em.execute<{ uri: string; id: string; name: string; provider_id: string }[]>(
    `select u.uri, a.id, a.name, i.provider_id
       from (select jsonb_array_elements_text(?::jsonb) as uri) u
       join artist_provider_ids i on i.provider = 'spotify' and u.uri = 'spotify:artist:' || i.provider_id
       join artists a on a.id = i.artist_id`,
    [asked],
  );
  const catalog =
    tracks.length > 0
      ? await loadPlanCatalog(
          em,
          [],
          tracks.map(({ id }) => id),
        )
      : null;
  return {
    tracks: catalog?.tracksByUri ?? new Map<string, LibraryTrack>(),
    albums: new Map(
      albums.map(({ id, uri, name, artists: credited }) => [
        uri,
        { id, uri, name, artists: credited, imageUrl: null, url: null },
      ]),
    ),
    artists: new Map(artists.map(({ uri, id, name, provider_id: providerId }) => [uri, { id, name, providerId }])),
  };
}
