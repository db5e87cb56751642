import { intend, type OpenAction } from '../../adapters/postgres/journal';
import { type PendingInsertions, saveSequence } from '../../adapters/postgres/playlist-sequences';
import type { Insertion, Revival } from '../../domain/playlist-sequence';
import type { CurrentPlaylist } from './current-playlist';
import type { RunContext } from './run-context';
import { attemptWrite } from './write';

export interface Sending {
  current: CurrentPlaylist;
  revival: Revival;
  insertions: readonly Insertion[];
  pending: PendingInsertions;
  /** By the action that holds their places in the sequence. */
  byHolder: ReadonlyMap<string, OpenAction>;
}

export interface Sent {
  pending: PendingInsertions;
  /** How long the playlist is if all of it landed. */
  expected: number;
  /** Which snapshot it then has, where every insertion was answered. */
  snapshotId: string | null;
  refusedUris: string[];
  code: string;
}

/** Sends insertion after insertion, ascending, each noted before, until one has an unknown outcome or is refused. */
export async function insertAll(context: RunContext, playlistId: string, sending: Sending): Promise<Sent> {
  const { current, revival, insertions, byHolder } = sending;
  let pending = sending.pending;
  let expected = current.live.length;
  let snapshotId: string | null = null;
  for (const insertion of insertions) {
    const { position, uris } = insertion;
    pending = noted(pending, uris, sending.pending.sent);
    expected += uris.length;
    const touched = revival.revived.filter(({ index }) => index >= position && index < position + uris.length);
    const approximate = new Set(touched.filter((item) => item.approximate).map((item) => item.actionId));
    await intend(
      context.em,
      context.run,
      [...new Set(touched.map((item) => item.actionId))].flatMap((id) => {
        const action = byHolder.get(id);
        return action
          ? [{ id: action.id, before: action.before ?? { present: true }, approximate: approximate.has(id) }]
          : [];
      }),
      (tx) => saveSequence(tx, context.run.connectionId, playlistId, { ...current, pending }),
    );
    const write = await attemptWrite(() =>
      context.session.call((spotify, auth) => spotify.insertPlaylistItems(auth, playlistId, uris, position)),
    );
    const sent: Sent = { pending, expected, snapshotId: null, refusedUris: [], code: '' };
    if (write.outcome === 'unknown') return sent;
    if (write.outcome === 'refused') return refusal(context, playlistId, insertion, { ...sent, code: write.code });
    ({ snapshotId } = write.value);
  }
  return { pending, expected, snapshotId, refusedUris: [], code: '' };
}

/** Sent again is what was sent before this pass: one pass has two copies of a track at two places. */
function noted(
  pending: PendingInsertions,
  uris: readonly string[],
  before: PendingInsertions['sent'],
): PendingInsertions {
  const resent = uris.filter((uri) => (before[uri] ?? 0) > 0);
  const sent = { ...pending.sent };
  for (const uri of uris) sent[uri] = (sent[uri] ?? 0) + 1;
  return { ...pending, sent, resent: [...new Set([...pending.resent, ...resent])] };
}

/** A refused insertion is tried track by track, to find the one that the provider no longer takes. */
async function refusal(
  context: RunContext,
  playlistId: string,
  { position, uris }: Insertion,
  sent: Sent,
): Promise<Sent> {
  // Where the person changed the playlist since our look, it was the place that was refused: look again.
  const seen = await context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId));
  if (seen.length !== sent.expected - uris.length) return { ...sent, expected: seen.length };
  if (uris.length === 1) return { ...sent, expected: sent.expected - 1, refusedUris: uris };
  const refusedUris: string[] = [];
  let at = position;
  for (const uri of uris) {
    const write = await attemptWrite(() =>
      context.session.call((spotify, auth) => spotify.insertPlaylistItems(auth, playlistId, [uri], at)),
    );
    if (write.outcome === 'unknown') break;
    if (write.outcome === 'refused') refusedUris.push(uri);
    else at += 1;
  }
  return { ...sent, refusedUris, expected: sent.expected - refusedUris.length };
}
