import { type ActionOutcome, type OpenAction, settle } from '../../adapters/postgres/journal';
import { observePart } from '../../adapters/postgres/run-observations';
import { loadSequence, type PendingInsertions, saveSequence } from '../../adapters/postgres/playlist-sequences';
import {
  alignWithLive,
  insertionsBetween,
  type LiveItem,
  liveView,
  reviveActions,
  type Revival,
} from '../../domain/playlist-sequence';
import { placeReturning } from '../../domain/playlist-return';
import { clearDisplaced, displacedUris } from './clear-displaced';
import { closedPlaylist, type CurrentPlaylist, currentPlaylist, freshPlaylist } from './current-playlist';
import { filedPlaylist, placesIn } from './filed-part';
import { insertAll, type Sent } from './insert-into-playlist';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';

/** After so many looks without an end at one playlist its actions are left to a person. */
const mostRounds = 8;
/** Milliseconds before the last look at a playlist into which something was sent twice. */
const lastPause = 3_000;

/**
 * Puts tracks back into one playlist, at their places in the kept sequence. An insertion is never sent twice blindly: what was
 * sent is noted before, and after a lost answer or a crash the playlist is read and aligned, so that copies which landed
 * take their ghosts' places and only the rest is inserted.
 */
export async function restoreToPlaylist(
  context: RunContext,
  playlistId: string,
  actions: readonly OpenAction[],
): Promise<void> {
  try {
    await restore(context, playlistId, actions);
  } catch (error) {
    const closed = closedPlaylist(error);
    if (!closed) throw error;
    await settle(
      context.em,
      context.run,
      actions.map((action) => ({ id: action.id, status: 'failed', code: closed.code, losses: ['not_restorable'] })),
    );
  }
}

/** Which action holds the place of what comes back: the one that took it out, or this one, where a file has it. */
const holderOf = ({ id, undoesId }: OpenAction): string => undoesId ?? id;

async function restore(context: RunContext, playlistId: string, open: readonly OpenAction[]): Promise<void> {
  const filed = context.run.runType === 'restore' ? await filedPlaylist(context, playlistId) : null;
  const actions = filed
    ? open.map((action) => ({ ...action, before: action.before ?? placesIn(filed, action) }))
    : open;
  const byHolder = new Map(actions.map((action) => [holderOf(action), action]));
  const holders = new Map([...byHolder].map(([holder, action]) => [action.uri, holder]));
  const refused = new Map<string, string>();
  const kept = await loadSequence(context.em, context.run.connectionId, playlistId);
  const begun = kept?.pending?.runId === context.run.id ? kept.pending : null;
  let pending: PendingInsertions = begun ?? { runId: context.run.id, sent: {}, resent: [], clearing: [] };
  /** From where insertions were sent; null before the first. */
  let base = begun && kept ? kept.sequence : null;
  let lastLook = false;
  let sent: Sent | null = null;
  for (let round = 1; round <= mostRounds; round += 1) {
    const wanted = new Set([...byHolder.keys()].filter((id) => !refused.has(id)));
    let current: CurrentPlaylist;
    if (base) {
      const look =
        (sent && (await asWritten(context, playlistId, sent))) ?? (await freshPlaylist(context, playlistId, null));
      sent = null;
      const clearing = pending.clearing.length > 0 ? pending.clearing : displacedUris(look.live, base, wanted, pending);
      if (clearing.length > 0) {
        ({ base, pending } = await clearDisplaced(context, playlistId, base, { ...pending, clearing }, holders));
        continue;
      }
      current = { ...look, sequence: alignWithLive(base, look.live).sequence, pending };
    } else {
      current = await currentPlaylist(context, playlistId);
      if (filed) current = { ...current, sequence: placeReturning(current.sequence, filed, holders) };
    }
    const revival = reviveActions(current.sequence, wanted);
    const insertions = insertionsBetween(current.live, liveView(revival.sequence));
    base = current.sequence;
    if (insertions.length === 0) {
      if (pending.resent.length === 0 || lastLook)
        return finish(context, playlistId, { current, revival, pending, byHolder, refused });
      // What was sent before the repetition may still be on its way.
      lastLook = true;
      await context.sleep(lastPause);
      continue;
    }
    sent = await insertAll(context, playlistId, { current, revival, insertions, pending, byHolder });
    pending = sent.pending;
    for (const uri of sent.refusedUris) {
      for (const { actionId, uri: own } of revival.revived) if (own === uri) refused.set(actionId, sent.code);
    }
  }
  return giveUp(context, actions);
}

/**
 * The playlist as the last insertion left it, read once: its snapshot after the last page is the one that the insertion was
 * answered with. Null where another is shown: then about ten seconds are given for all of it to show, since reads lag behind
 * writes, and a lost answer's write may land late.
 */
async function asWritten(
  context: RunContext,
  playlistId: string,
  { snapshotId, expected }: Sent,
): Promise<CurrentPlaylist | null> {
  if (snapshotId !== null) {
    const look = await freshPlaylist(context, playlistId, null, snapshotId);
    if (look.snapshotId === snapshotId && look.live.length === expected) return look;
  }
  await lookUntil(
    context,
    () => context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId)),
    (seen) => seen.length >= expected,
  );
  return null;
}

interface Finishing {
  current: CurrentPlaylist;
  revival: Revival;
  pending: PendingInsertions;
  byHolder: ReadonlyMap<string, OpenAction>;
  refused: ReadonlyMap<string, string>;
}

/** Everything that can be back is: saves the end state, as it was read last, and how each action ended. */
async function finish(
  context: RunContext,
  playlistId: string,
  { current, revival, pending, byHolder, refused }: Finishing,
): Promise<void> {
  const target = liveView(revival.sequence);
  const ours = new Set(Object.keys(pending.sent));
  const outcomes = [...byHolder].map(([holder, action]): ActionOutcome => {
    const code = refused.get(holder);
    if (code) return { id: action.id, status: 'failed', code, losses: ['not_restorable'] };
    if (ours.has(action.uri)) return { id: action.id, status: 'applied', code: 'restored' };
    return { id: action.id, status: 'skipped', code: 'already_present', losses: [] };
  });
  await settle(context.em, context.run, outcomes, async (tx) => {
    await saveSequence(tx, context.run.connectionId, playlistId, {
      sequence: revival.sequence,
      snapshotId: current.snapshotId,
      pending: null,
    });
    await observePart(tx, context.run.id, `playlist:${playlistId}`, {
      expected: target.length,
      observed: current.live.length,
      removed: 0,
      restored: countRestored(revival, pending),
      contradicting: missingFrom(current.live, target),
    });
  });
}

async function giveUp(context: RunContext, actions: readonly OpenAction[]): Promise<void> {
  await settle(
    context.em,
    context.run,
    actions.map((action) => ({ id: action.id, status: 'failed', code: 'outcome_unknown' })),
  );
}

/** Copies that are back and that we sent; one that was sent twice because nobody knew of the first came back once. */
function countRestored({ alreadyBack }: Revival, { sent }: PendingInsertions): number {
  const left = new Map(Object.entries(sent));
  let restored = 0;
  for (const { uri } of alreadyBack) {
    const copies = left.get(uri) ?? 0;
    if (copies === 0) continue;
    left.set(uri, copies - 1);
    restored += 1;
  }
  return restored;
}

/** How many of the target's items are not in the live list, copies counted one by one. */
function missingFrom(live: readonly LiveItem[], target: readonly LiveItem[]): number {
  const counts = new Map<string | null, number>();
  for (const { uri } of live) counts.set(uri, (counts.get(uri) ?? 0) + 1);
  let missing = 0;
  for (const { uri } of target) {
    const left = counts.get(uri) ?? 0;
    if (left === 0) missing += 1;
    counts.set(uri, left - 1);
  }
  return missing;
}
