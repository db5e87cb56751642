import { z } from 'zod';
import type { World } from '../conduct/world';
import { parseUri } from '../spotify/parameters';
import { libraryOf, wholeSeconds } from '../state/bookkeeping';
import type { Library, Playlist } from '../state/model';
import { AdminError } from './admin-error';

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'not a time');

/** A Spotify library as the admin routes give and take it. */
export const librarySchema = z.object({
  likes: z.array(z.object({ trackId: z.string(), addedAt: time })),
  albums: z.array(z.object({ albumId: z.string(), addedAt: time })),
  follows: z.array(z.string()),
  playlists: z.array(
    z.object({
      id: z.string().min(1),
      name: z.string(),
      ownerId: z.string().min(1),
      collaborative: z.boolean(),
      items: z.array(z.object({ uri: z.string().nullable(), addedAt: time, addedBy: z.string() })),
    }),
  ),
});

export type AdminLibrary = z.infer<typeof librarySchema>;

/** A person's library as it really is, whatever reads show at the moment. */
export function showLibrary(world: World, userId: string): AdminLibrary {
  const shelves = world.books.current;
  const { likes, albums, follows, playlistIds } = libraryOf(shelves, userId);
  return {
    likes: [...likes],
    albums: [...albums],
    follows: [...follows],
    playlists: playlistIds.flatMap((id) => {
      const playlist = shelves.playlists[id];
      if (!playlist) return [];
      const { name, ownerId, collaborative, items } = playlist;
      return [{ id, name, ownerId, collaborative, items: [...items] }];
    }),
  };
}

/**
 * Puts a library in the place of a person's present one. Playlists are shared by id: one of somebody else changes for
 * them too, and its owner keeps it in their library. Own playlists that are not named are gone.
 *
 * @throws AdminError where a track, album, artist or address is not in the catalog
 */
export function replaceLibrary(world: World, userId: string, wanted: AdminLibrary): void {
  checkKnown(world, wanted);
  const { libraries, playlists } = world.books.current;
  const nextPlaylists: Record<string, Playlist> = { ...playlists };
  const nextLibraries: Record<string, Library> = { ...libraries };
  const newestFirst = (a: { addedAt: string }, b: { addedAt: string }) => Date.parse(b.addedAt) - Date.parse(a.addedAt);
  for (const playlist of wanted.playlists) {
    nextPlaylists[playlist.id] = revised(playlists[playlist.id], playlist);
    const owner = libraryOf({ libraries: nextLibraries, playlists }, playlist.ownerId);
    if (playlist.ownerId === userId || owner.playlistIds.includes(playlist.id)) continue;
    nextLibraries[playlist.ownerId] = { ...owner, playlistIds: [...owner.playlistIds, playlist.id] };
  }
  const named = new Set(wanted.playlists.map((playlist) => playlist.id));
  for (const id of libraryOf(world.books.current, userId).playlistIds) {
    if (!named.has(id) && playlists[id]?.ownerId === userId) delete nextPlaylists[id];
  }
  nextLibraries[userId] = {
    likes: wanted.likes.map(atWholeSecond).sort(newestFirst),
    albums: wanted.albums.map(atWholeSecond).sort(newestFirst),
    follows: [...new Set(wanted.follows)],
    playlistIds: [...named],
  };
  world.books.write({ libraries: nextLibraries, playlists: nextPlaylists });
}

function revised(present: Playlist | undefined, wanted: AdminLibrary['playlists'][number]): Playlist {
  const next: Playlist = {
    public: !wanted.collaborative,
    description: '',
    version: 0,
    ...present,
    ...wanted,
    items: wanted.items.map(atWholeSecond),
  };
  const same = present && JSON.stringify({ ...next, version: 0 }) === JSON.stringify({ ...present, version: 0 });
  return same ? present : { ...next, version: (present?.version ?? 0) + 1 };
}

function atWholeSecond<T extends { addedAt: string }>(entry: T): T {
  return { ...entry, addedAt: wholeSeconds(entry.addedAt) };
}

function checkKnown(world: World, wanted: AdminLibrary): void {
  const { tracks, albums, artists } = world.catalog;
  const unknown =
    wanted.likes.find((like) => !tracks.has(like.trackId))?.trackId ??
    wanted.albums.find((album) => !albums.has(album.albumId))?.albumId ??
    wanted.follows.find((id) => !artists.has(id)) ??
    wanted.playlists.flatMap((playlist) => playlist.items).find(({ uri }) => uri !== null && !isAddress(world, uri))
      ?.uri;
  if (unknown) throw new AdminError(400, `${unknown} is not in the catalog.`);
}

function isAddress(world: World, uri: string): boolean {
  const parsed = parseUri(uri);
  return parsed?.kind === 'track'
    ? world.catalog.tracks.has(parsed.id)
    : ['local', 'episode'].includes(parsed?.kind ?? '');
}
