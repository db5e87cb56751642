import { type ActionOutcome, intend, observePart, type OpenAction, settle } from '../../adapters/postgres/journal';
import { type PendingInsertions, saveSequence } from '../../adapters/postgres/playlist-sequences';
import {
  alignWithLive,
  type Insertion,
  insertionsBetween,
  type LiveItem,
  liveView,
  reviveActions,
  type Revival,
} from '../../domain/playlist-sequence';
import { closedPlaylist, type CurrentPlaylist, currentPlaylist, freshPlaylist } from './current-playlist';
import { lookUntil } from './look-again';
import { removeSurplus } from './remove-surplus';
import type { RunContext } from './run-context';
import { attemptWrite } from './write';

/** After so many unknown outcomes in one playlist its actions are left to a person. */
const mostRounds = 5;

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

async function restore(context: RunContext, playlistId: string, actions: readonly OpenAction[]): Promise<void> {
  const undoes = new Map(actions.map((action) => [action.undoesId ?? '', action]));
  const refused = new Map<string, string>();
  let current = await currentPlaylist(context, playlistId);
  let pending: PendingInsertions =
    current.pending?.runId === context.run.id ? current.pending : { runId: context.run.id, sent: {}, repeated: false };
  for (let round = 1; ; round += 1) {
    const wanted = new Set([...undoes.keys()].filter((id) => !refused.has(id)));
    const revival = reviveActions(current.sequence, wanted);
    const insertions = insertionsBetween(current.live, liveView(revival.sequence));
    if (insertions.length === 0) return finish(context, playlistId, { current, revival, pending, undoes, refused });
    if (round > mostRounds) return giveUp(context, actions);
    pending = {
      ...pending,
      repeated: pending.repeated || insertions.some(({ uris }) => uris.some((uri) => (pending.sent[uri] ?? 0) > 0)),
    };
    const sent = await insertAll(context, playlistId, { current, revival, insertions, pending, undoes });
    pending = sent.pending;
    for (const uri of sent.refusedUris) {
      for (const { actionId, uri: own } of revival.revived) if (own === uri) refused.set(actionId, sent.code);
    }
    await waitForLength(context, playlistId, sent.expected);
    current = await freshPlaylist(context, playlistId, { ...current, pending });
  }
}

interface Sending {
  current: CurrentPlaylist;
  revival: Revival;
  insertions: Insertion[];
  pending: PendingInsertions;
  undoes: ReadonlyMap<string, OpenAction>;
}

interface Sent {
  pending: PendingInsertions;
  /** How long the playlist is if all of it landed. */
  expected: number;
  refusedUris: string[];
  code: string;
}

/** Sends insertion after insertion, ascending, until one has an unknown outcome or is refused. */
async function insertAll(
  context: RunContext,
  playlistId: string,
  { current, revival, insertions, pending, undoes }: Sending,
): Promise<Sent> {
  const { connectionId } = context.run;
  let noted = pending;
  let expected = current.live.length;
  for (const { position, uris } of insertions) {
    const sent = { ...noted.sent };
    for (const uri of uris) sent[uri] = (sent[uri] ?? 0) + 1;
    noted = { ...noted, sent };
    expected += uris.length;
    const touched = revival.revived.filter(({ index }) => index >= position && index < position + uris.length);
    const approximate = new Set(touched.filter((item) => item.approximate).map((item) => item.actionId));
    await intend(
      context.em,
      context.run,
      [...new Set(touched.map((item) => item.actionId))].flatMap((id) => {
        const action = undoes.get(id);
        return action
          ? [{ id: action.id, before: action.before ?? { present: true }, approximate: approximate.has(id) }]
          : [];
      }),
      (tx) => saveSequence(tx, connectionId, playlistId, { ...current, pending: noted }),
    );
    const write = await attemptWrite(() =>
      context.session.call((spotify, auth) => spotify.insertPlaylistItems(auth, playlistId, uris, position)),
    );
    if (write.outcome === 'unknown') return { pending: noted, expected, refusedUris: [], code: '' };
    if (write.outcome === 'refused')
      return refusal(context, playlistId, { noted, uris, position, expected, code: write.code });
  }
  return { pending: noted, expected, refusedUris: [], code: '' };
}

/** A refused insertion is tried track by track, to find the one that the provider no longer takes. */
async function refusal(
  context: RunContext,
  playlistId: string,
  {
    noted,
    uris,
    position,
    expected,
    code,
  }: { noted: PendingInsertions; uris: string[]; position: number; expected: number; code: string },
): Promise<Sent> {
  const sent: Sent = { pending: noted, expected, refusedUris: [], code };
  // Where the person changed the playlist since our look, it was the place that was refused: look again.
  const seen = await context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId));
  if (seen.length !== expected - uris.length) return { ...sent, expected: seen.length };
  if (uris.length === 1) return { ...sent, expected: expected - 1, refusedUris: uris };
  let at = position;
  for (const uri of uris) {
    const write = await attemptWrite(() =>
      context.session.call((spotify, auth) => spotify.insertPlaylistItems(auth, playlistId, [uri], at)),
    );
    if (write.outcome === 'unknown') return sent;
    if (write.outcome === 'refused') sent.refusedUris.push(uri);
    else at += 1;
  }
  return { ...sent, expected: expected - sent.refusedUris.length };
}

/** Reads lag behind writes, and a lost answer's write may land late: about ten seconds are given for all of it to show. */
async function waitForLength(context: RunContext, playlistId: string, expected: number): Promise<void> {
  await lookUntil(
    context,
    () => context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId)),
    (seen) => seen.length >= expected,
  );
}

interface Finishing {
  current: CurrentPlaylist;
  revival: Revival;
  pending: PendingInsertions;
  undoes: ReadonlyMap<string, OpenAction>;
  refused: ReadonlyMap<string, string>;
}

/** Everything that can be back is: reads the end state, takes surplus copies away, and saves how each action ended. */
async function finish(
  context: RunContext,
  playlistId: string,
  { current, revival, pending, undoes, refused }: Finishing,
): Promise<void> {
  const target = liveView(revival.sequence);
  const look = pending.repeated ? await removeSurplus(context, playlistId, target, pending) : current;
  const sequence = alignWithLive(revival.sequence, look.live).sequence;
  const ours = new Set(Object.keys(pending.sent));
  const outcomes = [...undoes].map(([undoesId, action]): ActionOutcome => {
    const code = refused.get(undoesId);
    if (code) return { id: action.id, status: 'failed', code, losses: ['not_restorable'] };
    if (ours.has(action.uri)) return { id: action.id, status: 'applied', code: 'restored' };
    return { id: action.id, status: 'skipped', code: 'already_present', losses: [] };
  });
  await settle(context.em, context.run, outcomes, async (tx) => {
    await saveSequence(tx, context.run.connectionId, playlistId, {
      sequence,
      snapshotId: look.snapshotId,
      pending: null,
    });
    await observePart(tx, context.run.id, `playlist:${playlistId}`, {
      expected: target.length,
      observed: look.live.length,
      removed: 0,
      restored: countRestored(revival, pending),
      contradicting: missingFrom(look.live, target),
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
