import { bodyOf, queryText, type Call, type World } from '../conduct/world';
import { libraryOf, wholeSeconds } from '../state/bookkeeping';
import type { Library } from '../state/model';
import { callerOf, requireScopes } from './authorization';
import { SpotifyError } from './errors';
import { addTo, removeFrom } from './library-writes';
import { bodyTexts } from './parameters';

/** The calls that only apps with extended quota still have; for all others they are `403 Forbidden`. */
export function requireExtendedQuota(world: World): void {
  if (world.dialect !== 'extended') throw new SpotifyError(403, 'Forbidden');
}

/**
 * `PUT /me/tracks`: ids as of now, or `timestamped_ids` (at most 50), each with its date and at its place by it. Spotify
 * orders by the minute; of one minute, what came last is uppermost.
 */
export function saveTracks(world: World, call: Call): void {
  requireExtendedQuota(world);
  requireScopes(call, 'user-library-modify');
  const timestamped: unknown = bodyOf(call)['timestamped_ids'];
  if (timestamped === undefined) {
    return changeEach(world, call, 'track', readIds(call), (library, uri) => addTo(library, uri, wholeSeconds()));
  }
  const entries = Array.isArray(timestamped) ? timestamped.map(readTimestamped) : [];
  if (entries.length === 0 || entries.length > 50) throw new SpotifyError(400, 'Invalid timestamped_ids');
  const { userId } = callerOf(call);
  const library = libraryOf(world.books.current, userId);
  const replaced = new Set(entries.map((entry) => entry.trackId));
  const likes = [...entries.reverse(), ...library.likes.filter((like) => !replaced.has(like.trackId))];
  likes.sort((one, other) => minuteOf(other) - minuteOf(one));
  write(world, call, { ...library, likes });
}

/** `DELETE /me/tracks`. */
export function removeTracks(world: World, call: Call): void {
  requireExtendedQuota(world);
  requireScopes(call, 'user-library-modify');
  changeEach(world, call, 'track', readIds(call), removeFrom);
}

/** `PUT` and `DELETE /me/albums`. */
export function changeAlbums(world: World, call: Call): void {
  requireExtendedQuota(world);
  requireScopes(call, 'user-library-modify');
  changeEach(world, call, 'album', readIds(call), stepFor(call));
}

/** `PUT` and `DELETE /me/following?type=artist`, answered with 204. */
export function changeFollowing(world: World, call: Call): void {
  requireExtendedQuota(world);
  requireScopes(call, 'user-follow-modify');
  if (queryText(call, 'type') !== 'artist') throw new SpotifyError(400, 'Invalid type');
  changeEach(world, call, 'artist', readIds(call), stepFor(call));
  call.status = 204;
}

/** `GET /me/tracks/contains` and `GET /me/following/contains?type=artist`: one truth value for each id. */
export function readContainsById(kind: 'track' | 'artist'): (world: World, call: Call) => void {
  return (world, call) => {
    requireScopes(call, kind === 'track' ? 'user-library-read' : 'user-follow-read');
    const { likes, follows } = libraryOf(world.books.visible(), callerOf(call).userId);
    const kept = new Set(kind === 'track' ? likes.map((like) => like.trackId) : follows);
    call.body = readIds(call).map((id) => kept.has(id));
  };
}

type Step = typeof removeFrom;

function stepFor(call: Call): Step {
  return call.method === 'DELETE' ? removeFrom : (library, uri) => addTo(library, uri, wholeSeconds());
}

function readIds(call: Call): string[] {
  const ids = bodyTexts(call, 'ids') ?? queryText(call, 'ids')?.split(',') ?? [];
  if (ids.length === 0) throw new SpotifyError(400, 'Missing required field: ids');
  if (ids.length > 50) throw new SpotifyError(400, 'Too many ids requested');
  return ids;
}

function readTimestamped(entry: unknown): { trackId: string; addedAt: string } {
  const { id, added_at: addedAt } = (entry ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof addedAt !== 'string' || Number.isNaN(Date.parse(addedAt))) {
    throw new SpotifyError(400, 'Invalid timestamped_ids');
  }
  return { trackId: id, addedAt: wholeSeconds(addedAt) };
}

const minuteOf = ({ addedAt }: { addedAt: string }): number => Math.floor(Date.parse(addedAt) / 60_000);

function changeEach(world: World, call: Call, kind: string, ids: string[], step: Step): void {
  const library = libraryOf(world.books.current, callerOf(call).userId);
  write(
    world,
    call,
    ids.reduce((present, id) => step(present, { kind, id }), library),
  );
}

function write(world: World, call: Call, library: Library): void {
  const lag = world.faults.takeReadLag('spotify', call.method, call.state.route);
  world.books.writeLibrary(callerOf(call).userId, library, lag);
  call.body = null;
  call.status = 200;
}
