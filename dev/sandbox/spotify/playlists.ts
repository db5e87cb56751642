import { bodyOf, queryText, type Call, type World } from '../conduct/world';
import { randomBytes } from 'node:crypto';
import { base62Id } from '../catalog/ids';
import { libraryOf } from '../state/bookkeeping';
import type { Playlist } from '../state/model';
import { callerOf, requireScopes } from './authorization';
import { SpotifyError } from './errors';
import { selectFields } from './fields';
import { hrefOf, pageOf } from './paging';
import { readPage } from './parameters';
import { fullPlaylist, playlistItem } from './playlist-presenter';

/** `GET /playlists/{id}` with `fields`. Without the right to its items a development-mode app sees only the rest. */
export function readPlaylist(world: World, call: Call): void {
  const playlist = visiblePlaylist(world, call);
  const withItems = world.dialect === 'extended' || mayEdit(world, call, playlist);
  call.body = selectFields(fullPlaylist(world, playlist, withItems), queryText(call, 'fields'));
}

/** `GET /playlists/{id}/items`: at most 50 at once, and only for the owner and collaborators in development mode. */
export function readPlaylistItems(world: World, call: Call, max = 50): void {
  requireScopes(call, 'playlist-read-private');
  const playlist = visiblePlaylist(world, call);
  if (world.dialect === 'development' && !mayEdit(world, call, playlist)) throw new SpotifyError(403, 'Forbidden');
  const address = { href: hrefOf(world, call), ...readPage(call, { standard: 20, max }) };
  const page = pageOf(address, playlist.items, (item) => playlistItem(world, item));
  call.body = selectFields(page, queryText(call, 'fields'));
}

/** `POST /me/playlists`. */
export function createPlaylist(world: World, call: Call): void {
  const { name, description, public: isPublic = true, collaborative = false } = bodyOf(call);
  if (typeof name !== 'string' || name === '') throw new SpotifyError(400, 'Missing required field: name');
  requireScopes(call, isPublic ? 'playlist-modify-public' : 'playlist-modify-private');
  const { userId } = callerOf(call);
  const playlist: Playlist = {
    id: base62Id('created', randomBytes(16).toString('hex')),
    name,
    ownerId: userId,
    collaborative: collaborative === true,
    public: isPublic === true,
    description: typeof description === 'string' ? description : '',
    version: 1,
    items: [],
  };
  const { libraries, playlists } = world.books.current;
  const library = libraryOf(world.books.current, userId);
  const lag = world.faults.takeReadLag('spotify', call.method, call.state.route);
  const kept = { ...library, playlistIds: [playlist.id, ...library.playlistIds] };
  world.books.write(
    { libraries: { ...libraries, [userId]: kept }, playlists: { ...playlists, [playlist.id]: playlist } },
    lag,
  );
  call.status = 201;
  call.body = fullPlaylist(world, playlist, true);
}

/** `PUT /playlists/{id}`: name, description, visibility. A new name is a new snapshot. */
export function changePlaylist(world: World, call: Call): void {
  const playlist = ownedPlaylist(world, call);
  const { name, description, public: isPublic, collaborative } = bodyOf(call);
  world.books.writePlaylist({
    ...playlist,
    name: typeof name === 'string' ? name : playlist.name,
    description: typeof description === 'string' ? description : playlist.description,
    public: typeof isPublic === 'boolean' ? isPublic : playlist.public,
    collaborative: typeof collaborative === 'boolean' ? collaborative : playlist.collaborative,
    version: playlist.version + 1,
  });
  call.body = null;
  call.status = 200;
}

/** The playlist that a write names, where the caller may change it; else Spotify's refusal. */
export function editablePlaylist(world: World, call: Call): Playlist {
  const playlist = world.books.current.playlists[call.params['id'] ?? ''];
  if (!playlist) throw new SpotifyError(404, 'Resource not found');
  requireScopes(call, playlist.public ? 'playlist-modify-public' : 'playlist-modify-private');
  if (!mayEdit(world, call, playlist)) {
    const verb = call.method === 'DELETE' ? 'remove tracks from' : 'add tracks to';
    throw new SpotifyError(403, `You cannot ${verb} a playlist you don't own.`);
  }
  return playlist;
}

function ownedPlaylist(world: World, call: Call): Playlist {
  const playlist = editablePlaylist(world, call);
  if (playlist.ownerId !== callerOf(call).userId) throw new SpotifyError(403, 'Forbidden');
  return playlist;
}

function visiblePlaylist(world: World, call: Call): Playlist {
  const playlist = world.books.visible().playlists[call.params['id'] ?? ''];
  if (!playlist) throw new SpotifyError(404, 'Resource not found');
  return playlist;
}

// Who keeps a collaborative playlist in their library is one of its collaborators.
function mayEdit(world: World, call: Call, playlist: Playlist): boolean {
  const { userId } = callerOf(call);
  if (playlist.ownerId === userId) return true;
  return playlist.collaborative && libraryOf(world.books.current, userId).playlistIds.includes(playlist.id);
}
