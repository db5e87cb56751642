import type { PendingInsertions } from '../../adapters/postgres/playlist-sequences';
import { insertionsBetween, type LiveItem, surplusCopies } from '../../domain/playlist-sequence';
import { type CurrentPlaylist, freshPlaylist } from './current-playlist';
import type { RunContext } from './run-context';

/**
 * The last check after an insertion that was sent twice: where both landed, the surplus copies go. Spotify removes a track
 * only everywhere at once, so its copies are all taken out and put back at the places of the target.
 */
export async function removeSurplus(
  context: RunContext,
  playlistId: string,
  target: readonly LiveItem[],
  pending: PendingInsertions,
): Promise<CurrentPlaylist> {
  const look = await freshPlaylist(context, playlistId, null);
  const surplus = [...surplusCopies(look.live, target).keys()].filter((uri) => (pending.sent[uri] ?? 0) > 0);
  if (surplus.length === 0) return look;
  const spare = new Set(surplus);
  await context.session.call((spotify, auth) =>
    spotify.removePlaylistItems(auth, playlistId, surplus, look.snapshotId),
  );
  const rest = look.live.filter(({ uri }) => uri === null || !spare.has(uri));
  for (const { position, uris } of insertionsBetween(rest, withoutStrangers(target, rest, spare))) {
    await context.session.call((spotify, auth) => spotify.insertPlaylistItems(auth, playlistId, uris, position));
  }
  return freshPlaylist(context, playlistId, null);
}

/** The target as it can be reached from what is there: its own items that are gone stay gone, what is new stays at its place. */
function withoutStrangers(
  target: readonly LiveItem[],
  rest: readonly LiveItem[],
  spare: ReadonlySet<string>,
): LiveItem[] {
  const result: LiveItem[] = [];
  let next = 0;
  for (const item of target) {
    if (item.uri !== null && spare.has(item.uri)) {
      result.push(item);
      continue;
    }
    const found = rest.findIndex((other, n) => n >= next && other.uri === item.uri);
    if (found < 0) continue;
    result.push(...rest.slice(next, found + 1));
    next = found + 1;
  }
  return [...result, ...rest.slice(next)];
}
