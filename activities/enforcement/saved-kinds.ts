import type { SavedEntry } from '../../adapters/postgres/library-content';
import { isFollowed, loadPartEntries, loadParts } from '../../adapters/postgres/library-generations';
import { HEAD_LENGTH } from '../../domain/batches';
import { playlistUri } from '../../domain/item-address';
import { readFollowedPlaylists } from './followed-playlists';
import type { RunContext } from './run-context';

/** What of a library is a set, each item in or not, as a run's observations name it. Of the playlists it is those of others. */
export const savedKinds = {
  liked_track: 'likes',
  saved_album: 'albums',
  followed_artist: 'follows',
  followed_playlist: 'followed_playlists',
} as const;
export type SavedItemType = keyof typeof savedKinds;

export function isSavedItemType(itemType: string): itemType is SavedItemType {
  return itemType in savedKinds;
}

export interface SavedHead {
  total: number;
  /** The first page, as `[uri, addedAt]`; of followed playlists all. */
  entries: SavedEntry[];
}

/** How many items a part has now, and its first `limit`. */
export async function readHead(context: RunContext, itemType: SavedItemType, limit: number): Promise<SavedHead> {
  if (itemType === 'followed_playlist') {
    const entries = await readFollowedPlaylists(context);
    return { total: entries.length, entries };
  }
  return context.session.call(async (spotify, auth) => {
    if (itemType === 'liked_track') {
      const page = await spotify.likedTracks(auth, { offset: 0, limit });
      return { total: page.total, entries: page.items.map((item): SavedEntry => [item.track.uri, item.addedAt]) };
    }
    if (itemType === 'saved_album') {
      const page = await spotify.savedAlbums(auth, { offset: 0, limit });
      return { total: page.total, entries: page.items.map((item): SavedEntry => [item.album.uri, item.addedAt]) };
    }
    const page = await spotify.followedArtists(auth, { after: null, limit });
    return { total: page.total, entries: page.items.map((item): SavedEntry => [`spotify:artist:${item.id}`, null]) };
  });
}

/** What the plan's generation holds of a part: `addedAt` by URI, in the provider's order. */
export async function plannedPart(context: RunContext, itemType: SavedItemType): Promise<Map<string, string | null>> {
  const { generationId } = context.run;
  return new Map(generationId ? await storedEntries(context, generationId, itemType) : []);
}

/** What a generation, of the library or of a file, holds of a part, in its order; null where it has no such part. */
export async function storedEntries(
  { em, run }: RunContext,
  generationId: string,
  itemType: SavedItemType,
): Promise<SavedEntry[] | null> {
  if (itemType === 'followed_playlist') {
    const playlists = (await loadParts(em, generationId, 'playlist')).filter(isFollowed(run.accountUserId));
    return playlists.map(({ providerId }): SavedEntry => [playlistUri('spotify', providerId), null]);
  }
  const part = await loadPartEntries<SavedEntry | [string]>(em, generationId, savedKinds[itemType]);
  return part && part.entries.map((entry): SavedEntry => [entry[0], entry[1] ?? null]);
}

/**
 * Whether a part is still what the plan was made from: same length, same first page. What is new stands on top of likes and
 * albums, so a part that looks the same there and is as long has lost nothing either. Spotify documents no order for
 * follows: they are known to be the same only where one page shows them all.
 */
export async function isAsPlanned(
  context: RunContext,
  itemType: SavedItemType,
  planned: ReadonlyMap<string, string | null>,
): Promise<boolean> {
  const head = await readHead(context, itemType, HEAD_LENGTH);
  const expected = [...planned].slice(0, head.entries.length);
  return (
    head.total === planned.size &&
    (itemType !== 'followed_artist' || head.entries.length === head.total) &&
    head.entries.every(
      ([uri, addedAt], n) => expected[n]?.[0] === uri && (addedAt === null || expected[n][1] === addedAt),
    )
  );
}
