import { foldName } from '../../domain/names';
import { containing } from './like-pattern';
import { loadPartEntries, loadParts } from './library-generations';
import type { AppleMusicEntry, FollowEntry, PlaylistEntry, SavedEntry } from './library-content';
import type { EntityManager } from './orm';

export const listedKinds = ['likes', 'albums', 'follows', 'playlists', 'playlist_items'] as const;
export type ListedKind = (typeof listedKinds)[number];

/** One thing in a library; names come from the catalog and are null for what it doesn't know (local files, episodes). */
export interface LibraryItem {
  /** Null for a playlist's place whose item the provider shows nothing of. */
  uri: string | null;
  /** Zero-based place in the provider's order. */
  position: number;
  name: string | null;
  artists: { id: string; name: string }[];
  album: string | null;
  imageUrl: string | null;
  addedAt: string | null;
}

export interface ListedPlaylist {
  providerId: string;
  /** Zero-based, in the provider's order. */
  position: number;
  name: string;
  /** Whether the connected account owns it. */
  own: boolean;
  collaborative: boolean;
  length: number;
  /** Whether the provider lets its contents be read. */
  readable: boolean;
}

/** The playlists of a generation in the provider's order, optionally those whose name contains a text. */
export async function listPlaylists(
  em: EntityManager,
  { generationId, connectionId, query }: { generationId: string; connectionId: string; query: string | null },
): Promise<ListedPlaylist[]> {
  const folded = query === null ? '' : foldName(query);
  const owners = await em.execute<{ account_user_id: string }[]>(
    `select account_user_id from connections where id = ?`,
    [connectionId],
  );
  return (await loadParts(em, generationId, 'playlist'))
    .filter((part) => foldName(part.name ?? '').includes(folded))
    .map((part) => ({
      providerId: part.providerId,
      position: part.position,
      name: part.name ?? '',
      own: part.ownerId === owners[0]?.account_user_id,
      collaborative: part.collaborative,
      length: part.length,
      readable: part.contentId !== null,
    }));
}

export interface ItemsRequest {
  kind: Exclude<ListedKind, 'playlists'>;
  /** For `playlist_items`. */
  playlistId: string | null;
  query: string | null;
  offset: number;
  limit: number;
}

/** Items of one part of a generation, by offset in what the query leaves; null where the part is not there or may not be read. */
export async function listLibraryItems(
  em: EntityManager,
  generationId: string,
  request: ItemsRequest,
): Promise<LibraryItem[] | null> {
  const kind = request.kind === 'playlist_items' ? 'playlist' : request.kind;
  const found = await loadPartEntries<SavedEntry | FollowEntry | PlaylistEntry | AppleMusicEntry>(
    em,
    generationId,
    kind,
    request.playlistId ?? '',
  );
  if (!found) return null;
  const places = found.entries.map(([uri, addedAt = null, , own = null], position) => ({
    uri,
    addedAt,
    own,
    position,
  }));
  const kept = request.query === null ? null : await urisNamed(em, kind, places, request.query);
  const shown = places
    .filter(({ uri }) => kept === null || (uri !== null && kept.has(uri)))
    .slice(request.offset, request.offset + request.limit);
  const described = await describeItems(em, kind, uriList(shown));
  return shown.map(({ uri, addedAt, own, position }) => {
    const known = uri === null ? undefined : described.get(uri);
    return {
      uri,
      position,
      name: known?.name ?? own?.name ?? null,
      artists: known?.artists ?? [],
      album: known?.album ?? own?.albumName ?? null,
      imageUrl: known?.image_url ?? null,
      addedAt,
    };
  });
}

type Place = { uri: string | null; own?: AppleMusicEntry[3] | null };
type ContentKind = 'likes' | 'albums' | 'follows' | 'playlist';

const uriList = (places: readonly Place[]) => JSON.stringify([...new Set(places.flatMap(({ uri }) => uri ?? []))]);
const givenUris = `jsonb_array_elements_text(?::jsonb)`;
/** `spotify:artist:…` and `apple-music:artist:…`, compared so that the key's index is used. */
const namesArtist = `i.provider = replace(split_part(u.uri, ':', 1), '-', '_') and i.provider_id = split_part(u.uri, ':', 3)`;

/** Those of the places whose own name, or a credited artist's, contains the text. */
async function urisNamed(
  em: EntityManager,
  kind: ContentKind,
  places: readonly Place[],
  query: string,
): Promise<Set<string>> {
  const wanted = foldName(query);
  const pattern = containing(wanted);
  const byOwnTexts = places.flatMap(({ uri, own }) =>
    uri !== null && own && [own.name, own.artistName].some((text) => foldName(text).includes(wanted)) ? uri : [],
  );
  if (kind === 'follows') {
    const rows = await em.execute<{ uri: string }[]>(
      `select u.uri from ${givenUris} as u(uri) join artist_provider_ids i on ${namesArtist}
       join artists a on a.id = i.artist_id where a.folded_name like ?`,
      [uriList(places), pattern],
    );
    return new Set([...byOwnTexts, ...rows.map((row) => row.uri)]);
  }
  const [table, credits, key] =
    kind === 'albums' ? ['albums', 'album_artists', 'album_id'] : ['tracks', 'track_artists', 'track_id'];
  const rows = await em.execute<{ uri: string }[]>(
    `select t.uri from ${givenUris} as u(uri) join ${table} t on t.uri = u.uri where unaccent(lower(t.name)) like ?
       or exists (select from ${credits} c join artists a on a.id = c.artist_id where c.${key} = t.id and a.folded_name like ?)`,
    [uriList(places), pattern, pattern],
  );
  return new Set([...byOwnTexts, ...rows.map((row) => row.uri)]);
}

interface Described {
  uri: string;
  name: string;
  artists: { id: string; name: string }[];
  album: string | null;
  image_url: string | null;
}

const creditsOf = (table: string, key: string) =>
  `(select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) order by c.position), '[]')
    from ${table} c join artists a on a.id = c.artist_id where c.${key} = t.id) as artists`;

/** What the catalog knows of a JSON list of URIs, by URI. */
export async function describeItems(
  em: EntityManager,
  kind: ContentKind,
  uris: string,
): Promise<Map<string, Described>> {
  const statements: Record<ContentKind, string> = {
    likes: trackStatement,
    playlist: trackStatement,
    albums: `select t.uri, t.name, t.name as album, t.image_url, ${creditsOf('album_artists', 'album_id')}
      from ${givenUris} as u(uri) join albums t on t.uri = u.uri`,
    follows: `select u.uri, a.name, null as album, a.image_url, jsonb_build_array(jsonb_build_object('id', a.id, 'name', a.name)) as artists
      from ${givenUris} as u(uri) join artist_provider_ids i on ${namesArtist}
      join artists a on a.id = i.artist_id`,
  };
  const rows = await em.execute<Described[]>(statements[kind], [uris]);
  return new Map(rows.map((row) => [row.uri, row]));
}

const trackStatement = `select t.uri, t.name, al.name as album, al.image_url, ${creditsOf('track_artists', 'track_id')}
  from ${givenUris} as u(uri) join tracks t on t.uri = u.uri left join albums al on al.id = t.album_id`;
