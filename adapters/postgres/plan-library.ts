import type { CreditedArtist, Library, LibraryAlbum, LibraryArtist, LibraryTrack } from '../../domain/library';
import { artistUri, itemAddress, playlistUri } from '../../domain/item-address';
import type { LiveItem } from '../../domain/playlist-sequence';
import type { StreamingProvider } from '../../domain/capabilities';
import { type FollowEntry, loadContents, type PlaylistEntry, type SavedEntry } from './library-content';
import { isFollowed, loadParts } from './library-generations';
import type { EntityManager } from './orm';

/** Reads a whole published generation. */
export async function loadLibrary(em: EntityManager, generationId: string, accountUserId: string): Promise<Library> {
  const parts = await loadParts(em, generationId);
  const contents = await loadContents(em, [...new Set(parts.flatMap((part) => part.contentId ?? []))]);
  const entriesOf = <T>(kind: string) => {
    const id = parts.find((part) => part.kind === kind)?.contentId;
    return (id ? (contents.get(id) ?? []) : []) as T[];
  };
  const saved = ([uri, addedAt]: SavedEntry) => ({ uri, addedAt });
  return {
    likes: entriesOf<SavedEntry>('likes').map(saved),
    albums: entriesOf<SavedEntry>('albums').map(saved),
    follows: entriesOf<FollowEntry>('follows').map(([uri]) => uri),
    playlists: parts.flatMap((part) => {
      if (part.kind !== 'playlist' || !part.contentId) return [];
      const ownedByPerson = part.ownerId === accountUserId;
      return [
        {
          providerId: part.providerId,
          name: part.name ?? '',
          ownedByPerson,
          collaborative: part.collaborative,
          editable: ownedByPerson || part.collaborative,
          snapshotId: part.snapshotId ?? '',
          items: liveItems(contents.get(part.contentId)),
        },
      ];
    }),
    followedPlaylists: parts
      .filter(isFollowed(accountUserId))
      .map(({ providerId, name, collaborative, contentId }) => ({
        providerId,
        uri: playlistUri('spotify', providerId),
        name: name ?? '',
        collaborative,
        items: contentId === null ? null : liveItems(contents.get(contentId)),
      })),
  };
}

const liveItems = (entries: unknown[] = []): LiveItem[] =>
  (entries as PlaylistEntry[]).map(([uri, addedAt, addedBy]) => ({ uri, addedAt, addedBy }));

export interface PlanCatalog {
  tracksByUri: Map<string, LibraryTrack>;
  albumsByUri: Map<string, LibraryAlbum>;
  artistsByUri: Map<string, LibraryArtist>;
}

const blockedIds = `(select (jsonb_array_elements_text(?::jsonb))::uuid)`;

/**
 * `credits`: who is credited on the rows of `hit`, one JSON list a row. Joined as sets: just after a first sync the database
 * has no statistics of the new rows yet, and row by row it then reads whole tables for each. The provider is a filter and
 * not a condition for the same reason.
 */
const credits = (table: 'track_artists' | 'album_artists', key: 'track_id' | 'album_id') =>
  `credited as materialized (select c.${key} as id, c.position, c.artist_id from hit join ${table} c on c.${key} = hit.id),
   named as materialized (
     select a.id, a.name, min(i.provider_id) filter (where i.provider = ?) as provider_id
       from (select distinct artist_id from credited) c join artists a on a.id = c.artist_id left join artist_provider_ids i on i.artist_id = a.id
      group by a.id, a.name),
   credits as materialized (
     select c.id, jsonb_agg(jsonb_build_object('id', n.id, 'name', n.name, 'providerId', coalesce(n.provider_id, '')) order by c.position) as artists
       from credited c join named n on n.id = c.artist_id group by c.id)`;

const spotifyCatalog = { provider: 'spotify', storefront: null } as const;

/** Everything in the catalog that any of these artists is credited on, and those further tracks: what can match, and nothing else. */
export async function loadPlanCatalog(
  em: EntityManager,
  artistIds: readonly string[],
  furtherTrackIds: readonly string[] = [],
  { provider, storefront }: { provider: StreamingProvider; storefront: string | null } = spotifyCatalog,
): Promise<PlanCatalog> {
  const ids = JSON.stringify(artistIds);
  const tracks = await em.execute<TrackRow[]>(
    `with hit as materialized (select track_id as id from track_artists where artist_id in ${blockedIds}
        union select t.id from tracks t join album_artists aa on aa.album_id = t.album_id where aa.artist_id in ${blockedIds}
        union select id from (select (jsonb_array_elements_text(?::jsonb))::uuid as id) further),
      ${credits('track_artists', 'track_id')},
      owners as materialized (select aa.album_id, array_agg(aa.artist_id::text order by aa.position) as ids
        from (select distinct t.album_id from hit join tracks t using (id)) o join album_artists aa on aa.album_id = o.album_id group by aa.album_id)
     select t.id, t.uri, t.name, t.duration_ms, t.album_id, al.name as album_name, al.image_url,
       coalesce(c.artists, '[]') as artists, coalesce(o.ids, '{}') as album_artist_ids
     from hit join tracks t using (id) left join albums al on al.id = t.album_id
       left join credits c on c.id = t.id left join owners o on o.album_id = t.album_id`,
    [ids, ids, JSON.stringify(furtherTrackIds), provider],
  );
  const albums = await em.execute<AlbumRow[]>(
    `with hit as materialized (select distinct album_id as id from album_artists where artist_id in ${blockedIds}), ${credits('album_artists', 'album_id')}
     select al.id, al.uri, al.name, al.image_url, coalesce(c.artists, '[]') as artists
     from hit join albums al using (id) left join credits c on c.id = al.id`,
    [ids, provider],
  );
  const artists = await em.execute<ArtistRow[]>(
    `select a.id, a.name, a.image_url, i.provider_id from artists a join artist_provider_ids i on i.artist_id = a.id and i.provider = ? where a.id in ${blockedIds}`,
    [provider, ids],
  );
  return {
    tracksByUri: new Map(tracks.map((row) => [row.uri, trackOf(row, storefront)])),
    albumsByUri: new Map(
      albums.map((row) => [
        row.uri,
        {
          id: row.id,
          uri: row.uri,
          name: row.name,
          imageUrl: row.image_url,
          url: itemAddress(row.uri, storefront)?.url ?? null,
          artists: row.artists,
        },
      ]),
    ),
    artistsByUri: new Map(
      artists.map((row) => {
        const uri = artistUri(provider, row.provider_id);
        return [
          uri,
          {
            id: row.id,
            providerId: row.provider_id,
            name: row.name,
            uri,
            imageUrl: row.image_url,
            url: itemAddress(uri, storefront)?.url ?? null,
          },
        ];
      }),
    ),
  };
}

interface TrackRow {
  id: string;
  uri: string;
  name: string;
  duration_ms: number | null;
  album_id: string | null;
  album_name: string | null;
  image_url: string | null;
  artists: CreditedArtist[];
  album_artist_ids: string[];
}

interface AlbumRow {
  id: string;
  uri: string;
  name: string;
  image_url: string | null;
  artists: CreditedArtist[];
}

interface ArtistRow {
  id: string;
  name: string;
  image_url: string | null;
  provider_id: string;
}

function trackOf(row: TrackRow, storefront: string | null): LibraryTrack {
  return {
    id: row.id,
    uri: row.uri,
    name: row.name,
    albumId: row.album_id,
    albumName: row.album_name,
    imageUrl: row.image_url,
    url: itemAddress(row.uri, storefront)?.url ?? null,
    durationMs: row.duration_ms,
    artists: row.artists,
    albumArtistIds: row.album_artist_ids,
  };
}
