import { episodes } from '../catalog/episodes';
import { bodyOf, queryText, type Call, type World } from '../conduct/world';
import { wholeSeconds } from '../state/bookkeeping';
import type { Playlist, PlaylistItem } from '../state/model';
import { callerOf } from './authorization';
import { SpotifyError } from './errors';
import { bodyTexts, bodyWhole, parseUri, readWhole } from './parameters';
import { insertAt, moveRange, OutOfBounds, removeEvery } from './playlist-editing';
import { snapshotId } from './playlist-presenter';
import { editablePlaylist } from './playlists';

const most = 100;

/** `POST /playlists/{id}/items`: up to 100 URIs at a position, or at the end. What comes in carries the time now. */
export function addItems(world: World, call: Call): void {
  const playlist = editablePlaylist(world, call);
  const uris = bodyTexts(call, 'uris') ?? queryText(call, 'uris')?.split(',');
  if (!uris || uris.length === 0) throw new SpotifyError(400, 'Missing required field: uris');
  const position = bodyWhole(call, 'position') ?? readWhole(queryText(call, 'position'), playlist.items.length);
  if (position === null) throw new SpotifyError(400, 'Invalid value for position');
  const added = newItems(world, call, uris);
  save(world, call, playlist, () => insertAt(playlist.items, position, added));
  call.status = 201;
}

/** `DELETE /playlists/{id}/items`: every occurrence of each URI; a local file can't be named. */
export function removeItems(world: World, call: Call, key = 'items'): void {
  const playlist = editablePlaylist(world, call);
  const items: unknown = bodyOf(call)[key];
  if (!Array.isArray(items) || items.length === 0) throw new SpotifyError(400, `Missing required field: ${key}`);
  const uris = items.map((item: unknown) => {
    const uri = typeof item === 'object' && item !== null && 'uri' in item ? item.uri : undefined;
    const kind = typeof uri === 'string' ? parseUri(uri)?.kind : undefined;
    if (kind !== 'track' && kind !== 'episode') {
      throw new SpotifyError(400, `JSON body contains an invalid track uri: ${String(uri)}`);
    }
    return String(uri);
  });
  if (uris.length > most) throw new SpotifyError(400, 'Too many items requested');
  save(world, call, playlist, () => removeEvery(playlist.items, new Set(uris)));
}

/** `PUT /playlists/{id}/items`: moves a run of items, or puts up to 100 others in the place of all. */
export function reorderOrReplace(world: World, call: Call): void {
  const playlist = editablePlaylist(world, call);
  const uris = bodyTexts(call, 'uris') ?? queryText(call, 'uris')?.split(',').filter(Boolean);
  const start = bodyWhole(call, 'range_start');
  if (uris && start !== undefined) throw new SpotifyError(400, 'Reordering and replacing exclude each other');
  if (uris) return save(world, call, playlist, () => newItems(world, call, uris));
  const insertBefore = bodyWhole(call, 'insert_before');
  if (start === undefined || insertBefore === undefined) throw new SpotifyError(400, 'Missing required field: uris');
  const length = bodyWhole(call, 'range_length') ?? 1;
  save(world, call, playlist, () => moveRange(playlist.items, start, insertBefore, length));
}

function newItems(world: World, call: Call, uris: string[]): PlaylistItem[] {
  if (uris.length > most) throw new SpotifyError(400, 'You can add a maximum of 100 tracks per request.');
  const addedAt = wholeSeconds();
  const { userId } = callerOf(call);
  return uris.map((uri) => {
    const parsed = parseUri(uri);
    const known =
      (parsed?.kind === 'track' && world.catalog.tracks.has(parsed.id)) ||
      (parsed?.kind === 'episode' && episodes.has(parsed.id));
    if (!known) throw new SpotifyError(400, `Invalid track uri: ${uri}`);
    return { uri, addedAt, addedBy: userId };
  });
}

function save(world: World, call: Call, playlist: Playlist, edit: () => PlaylistItem[]): void {
  try {
    const next = { ...playlist, items: edit(), version: playlist.version + 1 };
    world.books.writePlaylist(next, world.faults.takeReadLag('spotify', call.method, call.state.route));
    call.body = { snapshot_id: snapshotId(next) };
  } catch (error) {
    if (error instanceof OutOfBounds) throw new SpotifyError(400, error.message);
    throw error;
  }
}
