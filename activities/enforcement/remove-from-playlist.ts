import { type ActionOutcome, intend, type OpenAction, settle } from '../../adapters/postgres/journal';
import { loadSequence, saveSequence } from '../../adapters/postgres/playlist-sequences';
import { PLAYLIST_BATCH } from '../../domain/batches';
import { type Alignment, alignWithLive, buryUris, liveView } from '../../domain/playlist-sequence';
import { closedPlaylist, type CurrentPlaylist, currentPlaylist, freshPlaylist } from './current-playlist';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { writeBatch } from './write';

/** Removals sent for one batch, while their answers get lost and nothing changes. */
const mostTries = 3;

/**
 * Takes tracks out of one playlist. Spotify removes by URI, every occurrence, so each action owns all places of its track.
 * The sequence is saved with its live part before the call, and with the ghosts after it.
 */
export async function removeFromPlaylist(
  context: RunContext,
  playlistId: string,
  actions: readonly OpenAction[],
): Promise<void> {
  let current: CurrentPlaylist;
  try {
    const begun = actions.filter((action) => action.status === 'applying');
    current =
      begun.length > 0 ? await resolveBegun(context, playlistId, begun) : await currentPlaylist(context, playlistId);
  } catch (error) {
    const closed = closedPlaylist(error);
    if (!closed) throw error;
    return settle(
      context.em,
      context.run,
      actions.map((action) => ({ id: action.id, ...closed })),
    );
  }
  const present = new Set(current.live.map((item) => item.uri));
  const others = await leaveOthers(context, current, actions);
  const waiting = actions.filter(
    (action) => (action.status === 'pending' || present.has(action.uri)) && !others.has(action),
  );
  for (let from = 0; from < waiting.length && !context.stopping(); from += PLAYLIST_BATCH) {
    const batch = waiting.slice(from, from + PLAYLIST_BATCH);
    const absent = batch.filter((action) => !present.has(action.uri));
    if (absent.length > 0)
      await settle(
        context.em,
        context.run,
        absent.map((action) => ({ id: action.id, status: 'skipped', code: 'already_absent' })),
      );
    const here = batch.filter((action) => present.has(action.uri));
    if (here.length === 0) continue;
    current = await removeBatch(context, playlistId, current, here);
  }
}

/**
 * What was put back from a file leaves by its URI, like everything: where the person has added copies of their own since, none of
 * them is touched.
 */
async function leaveOthers(
  context: RunContext,
  current: CurrentPlaylist,
  actions: readonly OpenAction[],
): Promise<ReadonlySet<OpenAction>> {
  if (context.run.runType !== 'rollback') return new Set();
  const places = positionsByUri(current);
  const left = actions.filter(
    ({ uri, status, before }) =>
      status === 'pending' && (places.get(uri)?.length ?? 0) > (before?.positions?.length ?? Infinity),
  );
  if (left.length > 0)
    await settle(
      context.em,
      context.run,
      left.map((action) => ({ id: action.id, status: 'skipped', code: 'changed_since' })),
    );
  return new Set(left);
}

async function removeBatch(
  context: RunContext,
  playlistId: string,
  current: CurrentPlaylist,
  actions: readonly OpenAction[],
  tries = 1,
): Promise<CurrentPlaylist> {
  const { connectionId } = context.run;
  const places = positionsByUri(current);
  await intend(
    context.em,
    context.run,
    actions.map((action) => ({ id: action.id, before: { present: true, positions: places.get(action.uri) ?? [] } })),
    (tx) => saveSequence(tx, connectionId, playlistId, current),
  );
  const uris = actions.map((action) => action.uri);
  const write = await writeBatch(context, actions, () =>
    context.session.call((spotify, auth) => spotify.removePlaylistItems(auth, playlistId, uris, current.snapshotId)),
  );
  if (write.outcome === 'refused') return refuse(context, playlistId, current, actions, write.code);
  const expected = current.live.length - uris.reduce((sum, uri) => sum + (places.get(uri)?.length ?? 0), 0);
  const state = await lookUntil(
    context,
    () => context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId)),
    (seen) => seen.length === expected,
  );
  const asWritten =
    state.length === expected && (write.outcome === 'unknown' || write.value.snapshotId === state.snapshotId);
  if (!asWritten) {
    const mayRepeat = write.outcome === 'unknown' && tries < mostTries;
    return reconcile(context, playlistId, current, actions, {
      tries: mayRepeat ? tries : null,
      isTaken: write.outcome === 'done',
    });
  }
  return save(
    context,
    playlistId,
    current,
    actions,
    { ...current, ...buried(current, actions), snapshotId: state.snapshotId },
    { still: new Set(), code: 'not_enforced', unrecorded: false },
  );
}

/**
 * Something else happened to the playlist beside our removal, or the removal did not arrive: reads it, and believes what is
 * there. A removal whose answer was lost is made again where it left its tracks; that does no harm.
 */
async function reconcile(
  context: RunContext,
  playlistId: string,
  before: CurrentPlaylist,
  actions: readonly OpenAction[],
  { tries, isTaken }: { tries: number | null; isTaken: boolean },
): Promise<CurrentPlaylist> {
  const look = await freshPlaylist(context, playlistId, null);
  const still = new Set(look.live.map((item) => item.uri).filter((uri) => uri !== null));
  const done = actions.filter((action) => !still.has(action.uri));
  const left = actions.filter((action) => still.has(action.uri));
  const aligned = alignWithLive(buryUris(before.sequence, holders(done)), look.live);
  const after = { ...before, sequence: aligned.sequence, live: look.live, snapshotId: look.snapshotId };
  // What Spotify took for removed and still has stands there under another id, unless somebody has just put it there.
  const code = isTaken && aligned.inserted === 0 ? 'relinked' : 'not_enforced';
  const seen = { still, code, unrecorded: changed(aligned) };
  if (tries === null || left.length === 0) return save(context, playlistId, before, actions, after, seen);
  if (done.length > 0) await save(context, playlistId, before, done, after, seen);
  return removeBatch(context, playlistId, after, left, tries + 1);
}

async function save(
  context: RunContext,
  playlistId: string,
  before: CurrentPlaylist,
  actions: readonly OpenAction[],
  after: CurrentPlaylist,
  { still, code, unrecorded }: { still: ReadonlySet<string>; code: string; unrecorded: boolean },
): Promise<CurrentPlaylist> {
  const outcomes = actions.map((action): ActionOutcome =>
    still.has(action.uri)
      ? { id: action.id, status: 'failed', code }
      : { id: action.id, status: 'applied', code: 'removed', unrecorded },
  );
  await settle(context.em, context.run, outcomes, (tx) =>
    saveSequence(tx, context.run.connectionId, playlistId, { ...after, pending: before.pending }),
  );
  return after;
}

/** A removal that was on its way when its process died: where the tracks are gone, it landed. */
async function resolveBegun(
  context: RunContext,
  playlistId: string,
  begun: readonly OpenAction[],
): Promise<CurrentPlaylist> {
  const kept = await loadSequence(context.em, context.run.connectionId, playlistId);
  if (!kept) return currentPlaylist(context, playlistId);
  const look = await freshPlaylist(context, playlistId, null);
  const present = new Set(look.live.map((item) => item.uri));
  const landed = begun.filter((action) => !present.has(action.uri));
  const aligned = alignWithLive(buryUris(kept.sequence, holders(landed)), look.live);
  const current: CurrentPlaylist = { ...look, sequence: aligned.sequence, pending: kept.pending };
  const unrecorded = changed(aligned);
  await settle(
    context.em,
    context.run,
    landed.map((action) => ({ id: action.id, status: 'applied', code: 'removed', unrecorded })),
    (tx) => saveSequence(tx, context.run.connectionId, playlistId, current),
  );
  return current;
}

/** Whoever changed the playlist between our look and our write may have added a copy that left with the others, unseen. */
const changed = ({ inserted, removed }: Alignment): boolean => inserted > 0 || removed > 0;

async function refuse(
  context: RunContext,
  playlistId: string,
  current: CurrentPlaylist,
  actions: readonly OpenAction[],
  code: string,
): Promise<CurrentPlaylist> {
  if (actions.length === 1 || code !== 'invalid') {
    await settle(
      context.em,
      context.run,
      actions.map((action) => ({ id: action.id, status: 'failed', code })),
    );
    return current;
  }
  const middle = Math.ceil(actions.length / 2);
  const first = await removeBatch(context, playlistId, current, actions.slice(0, middle));
  return removeBatch(context, playlistId, first, actions.slice(middle));
}

function buried(current: CurrentPlaylist, actions: readonly OpenAction[]): Pick<CurrentPlaylist, 'sequence' | 'live'> {
  const sequence = buryUris(current.sequence, holders(actions));
  return { sequence, live: liveView(sequence) };
}

function holders(actions: readonly OpenAction[]): Map<string, string> {
  return new Map(actions.map((action) => [action.uri, action.id]));
}

function positionsByUri(current: CurrentPlaylist): Map<string, number[]> {
  const places = new Map<string, number[]>();
  current.live.forEach(({ uri }, n) => {
    if (uri !== null) places.set(uri, [...(places.get(uri) ?? []), n]);
  });
  return places;
}
