import { queryText, type Call, type World } from '../conduct/world';
import { people, spotifyAccountId } from '../people/people';
import { libraryOf } from '../state/bookkeeping';
import { callerOf, requireScopes } from './authorization';
import { fullAlbum, fullArtist, fullTrack } from './catalog-presenter';
import { SpotifyError } from './errors';
import { hrefOf, pageOf } from './paging';
import { readPage, readUris, readWhole } from './parameters';
import { simplifiedPlaylist, user } from './playlist-presenter';

const lists = { standard: 20, max: 50 };

/** `GET /me`. Development-mode apps get no e-mail address, country or product. */
export function readProfile(world: World, call: Call): void {
  const { userId, scopes } = callerOf(call);
  const person = people.find((one) => one.id === userId);
  const whole = world.dialect === 'extended';
  world.secrets.add(person?.name);
  call.body = {
    ...user(world, userId),
    account_id: spotifyAccountId(userId),
    display_name: person?.name,
    images: [],
    ...(whole && scopes.includes('user-read-email') ? { email: person?.email } : {}),
    ...(whole && scopes.includes('user-read-private') ? { country: 'SE', product: 'premium' } : {}),
    ...(whole ? { followers: { href: null, total: 0 } } : {}),
  };
}

/** `GET /me/tracks`, newest like first. */
export function readLikes(world: World, call: Call): void {
  requireScopes(call, 'user-library-read');
  const { likes } = libraryOf(world.books.visible(), callerOf(call).userId);
  call.body = pageOf({ href: hrefOf(world, call), ...readPage(call, lists) }, likes, ({ trackId, addedAt }) => {
    const track = world.catalog.tracks.get(trackId);
    return { added_at: addedAt, track: track && fullTrack(world, track) };
  });
}

/** `GET /me/albums`, newest first. */
export function readSavedAlbums(world: World, call: Call): void {
  requireScopes(call, 'user-library-read');
  const { albums } = libraryOf(world.books.visible(), callerOf(call).userId);
  call.body = pageOf({ href: hrefOf(world, call), ...readPage(call, lists) }, albums, ({ albumId, addedAt }) => {
    const album = world.catalog.albums.get(albumId);
    return { added_at: addedAt, album: album && fullAlbum(world, album) };
  });
}

/** `GET /me/following?type=artist`: paged by the last id seen. The spec lets `next` and `after` only be absent at the end. */
export function readFollowing(world: World, call: Call): void {
  requireScopes(call, 'user-follow-read');
  if (queryText(call, 'type') !== 'artist') throw new SpotifyError(400, 'Invalid type');
  const limit = readWhole(queryText(call, 'limit'), lists.standard);
  if (limit === null || limit < 1 || limit > lists.max) throw new SpotifyError(400, 'Invalid limit');
  const { follows } = libraryOf(world.books.visible(), callerOf(call).userId);
  const after = queryText(call, 'after');
  const start = after === undefined ? 0 : follows.indexOf(after) + 1;
  const ids = follows.slice(start, start + limit);
  const last = ids.at(-1);
  const more = start + limit < follows.length && last !== undefined;
  const href = new URL(hrefOf(world, call));
  const next = new URL(href);
  next.searchParams.set('limit', String(limit));
  if (last !== undefined) next.searchParams.set('after', last);
  call.body = {
    artists: {
      href: href.href,
      items: ids.flatMap((id) => {
        const artist = world.catalog.artists.get(id);
        return artist ? [fullArtist(world, artist)] : [];
      }),
      limit,
      cursors: more ? { after: last } : {},
      total: follows.length,
      ...(more ? { next: next.href } : {}),
    },
  };
}

/** `GET /me/playlists`: own and followed ones. Collaborative ones of others need a scope of their own. */
export function readPlaylists(world: World, call: Call): void {
  requireScopes(call, 'playlist-read-private');
  const { userId, scopes } = callerOf(call);
  const shelves = world.books.visible();
  const shown = libraryOf(shelves, userId).playlistIds.flatMap((id) => {
    const playlist = shelves.playlists[id];
    if (!playlist) return [];
    const hidden =
      playlist.collaborative && playlist.ownerId !== userId && !scopes.includes('playlist-read-collaborative');
    return hidden ? [] : [playlist];
  });
  const address = { href: hrefOf(world, call), ...readPage(call, lists) };
  call.body = pageOf(address, shown, (playlist) => simplifiedPlaylist(world, playlist));
}

/** `GET /me/library/contains?uris=`: one truth value for each URI, in their order. */
export function readContains(world: World, call: Call): void {
  const uris = readUris(call, 40);
  const library = libraryOf(world.books.visible(), callerOf(call).userId);
  const kept: Record<string, ReadonlySet<string>> = {
    track: new Set(library.likes.map((like) => like.trackId)),
    album: new Set(library.albums.map((album) => album.albumId)),
    artist: new Set(library.follows),
    playlist: new Set(library.playlistIds),
  };
  const needed: Record<string, string> = { artist: 'user-follow-read', playlist: 'playlist-read-private' };
  for (const { kind } of uris) requireScopes(call, needed[kind] ?? 'user-library-read');
  call.body = uris.map(({ kind, id }) => kept[kind]?.has(id) ?? false);
}
