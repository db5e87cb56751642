import { DemoFailure } from '../demo-failure';
import type { CatalogTrack, SandboxLibrary } from '../sandbox';
import type { Story } from '../story';

/** Of the sandbox's catalog: nobody bears this name. */
export const inventedName = 'The Invented Few';

const minute = 60_000;
const begin = Date.UTC(2019, 4, 1);

/**
 * Puts songs of the invented artist into the listener's library, until the demo's end.
 *
 * @throws DemoFailure where the catalog has none
 */
export async function putInventedSongs({
  sandbox,
  user,
  putBack,
}: Pick<Story, 'sandbox' | 'user' | 'putBack'>): Promise<SandboxLibrary> {
  const tracks = (await sandbox.tracks(inventedName)).filter(({ artists }) => artists[0]?.name === inventedName);
  if (tracks.length === 0) throw new DemoFailure(`The sandbox's catalog has no songs of ${inventedName}.`);
  const own = await sandbox.library(user);
  putBack.add("take the invented songs out of the listener's library", () => sandbox.setLibrary(user, own));
  await sandbox.setLibrary(user, withSongs(own, tracks, user));
  return sandbox.library(user);
}

/** The library with likes, an album, a follow and a playlist of the artist's, among older songs that stay. */
export function withSongs(library: SandboxLibrary, tracks: readonly CatalogTrack[], user: string): SandboxLibrary {
  let time = begin;
  const addedAt = () => new Date((time += minute)).toISOString();
  const [first] = tracks;
  if (!first) return library;
  const known = new Set(library.likes.map(({ trackId }) => trackId));
  const fresh = tracks.filter(({ id }) => !known.has(id));
  const uris = tracks.flatMap(({ id }, place) => {
    const other = library.likes[place]?.trackId;
    return [`spotify:track:${id}`, ...(other ? [`spotify:track:${other}`] : [])];
  });
  const id = `${user}-invented`;
  const playlist = {
    id,
    name: 'Songs That Nobody Wrote',
    ownerId: user,
    collaborative: false,
    items: uris.map((uri) => ({ uri, addedAt: addedAt(), addedBy: user })),
  };
  return {
    likes: [...library.likes, ...fresh.map((track) => ({ trackId: track.id, addedAt: addedAt() }))],
    albums: [
      ...library.albums.filter(({ albumId }) => albumId !== first.albumId),
      { albumId: first.albumId, addedAt: addedAt() },
    ],
    follows: [...new Set([...library.follows, first.artists[0]!.id])],
    playlists: [...library.playlists.filter((other) => other.id !== id), playlist],
  };
}
