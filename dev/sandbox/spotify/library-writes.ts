import type { Call, World } from '../conduct/world';
import { libraryOf, wholeSeconds } from '../state/bookkeeping';
import type { Library } from '../state/model';
import { callerOf, requireScopes } from './authorization';
import { SpotifyError } from './errors';
import { readUris, type SpotifyUri } from './parameters';

const scopeFor: Record<string, string> = {
  track: 'user-library-modify',
  album: 'user-library-modify',
  artist: 'user-follow-modify',
  playlist: 'playlist-modify-public',
};

/**
 * `PUT /me/library?uris=`: what is new goes on top with the time now, the last URI uppermost; what is there stays as
 * it is. Artists are accepted although the reference leaves them out.
 */
export function saveToLibrary(world: World, call: Call): void {
  change(world, call, (library, uris) => uris.reduce((kept, uri) => addTo(kept, uri, wholeSeconds()), library));
}

/** `DELETE /me/library?uris=`: what isn't there is no error. An own playlist taken out of the library is gone. */
export function removeFromLibrary(world: World, call: Call): void {
  change(world, call, removeAll);
}

/** A library with one thing more, on top of its kind. */
export function addTo(library: Library, { kind, id }: SpotifyUri, addedAt: string): Library {
  if (kind === 'track' && !library.likes.some((like) => like.trackId === id)) {
    return { ...library, likes: [{ trackId: id, addedAt }, ...library.likes] };
  }
  if (kind === 'album' && !library.albums.some((album) => album.albumId === id)) {
    return { ...library, albums: [{ albumId: id, addedAt }, ...library.albums] };
  }
  if (kind === 'artist' && !library.follows.includes(id)) return { ...library, follows: [id, ...library.follows] };
  if (kind === 'playlist' && !library.playlistIds.includes(id)) {
    return { ...library, playlistIds: [id, ...library.playlistIds] };
  }
  return library;
}

/** A library without one thing. */
export function removeFrom(library: Library, uri: SpotifyUri): Library {
  return removeAll(library, [uri]);
}

function removeAll(library: Library, uris: readonly SpotifyUri[]): Library {
  const goneOf = (wanted: SpotifyUri['kind']) =>
    new Set(uris.filter(({ kind }) => kind === wanted).map(({ id }) => id));
  const [tracks, albums, artists, playlists] = [goneOf('track'), goneOf('album'), goneOf('artist'), goneOf('playlist')];
  return {
    likes: library.likes.filter((like) => !tracks.has(like.trackId)),
    albums: library.albums.filter((album) => !albums.has(album.albumId)),
    follows: library.follows.filter((id) => !artists.has(id)),
    playlistIds: library.playlistIds.filter((id) => !playlists.has(id)),
  };
}

function change(world: World, call: Call, step: (library: Library, uris: readonly SpotifyUri[]) => Library): void {
  const uris = readUris(call, 40);
  for (const uri of uris) {
    const scope = scopeFor[uri.kind];
    if (!scope) throw new SpotifyError(400, `Unsupported URI type: ${uri.kind}`);
    requireScopes(call, scope);
    if (!exists(world, uri)) throw new SpotifyError(400, `Invalid URI: spotify:${uri.kind}:${uri.id}`);
  }
  const { userId } = callerOf(call);
  const library = libraryOf(world.books.current, userId);
  const lag = world.faults.takeReadLag('spotify', call.method, call.state.route);
  world.books.writeLibrary(userId, step(library, uris), lag);
  call.status = 200;
  call.body = null;
  call.status = 200;
}

function exists(world: World, { kind, id }: SpotifyUri): boolean {
  if (kind === 'track') return world.catalog.tracks.has(id);
  if (kind === 'album') return world.catalog.albums.has(id);
  if (kind === 'artist') return world.catalog.artists.has(id);
  return world.books.current.playlists[id] !== undefined;
}
