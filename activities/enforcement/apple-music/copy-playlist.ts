import { intend, type OpenAction, settle } from '../../../adapters/postgres/journal';
import { noteCopy, tracksLeftOut } from '../../../adapters/postgres/playlist-copies';
import { PLAYLIST_TRACKS } from '../../../adapters/providers/apple-music/client';
import type { TrackRef } from '../../../adapters/providers/apple-music/types';
import { parseAppleMusicUri } from '../../../domain/apple-music-uri';
import { ProviderError } from '../../../domain/errors';
import { nextCopyStep } from '../../../domain/playlist-copy';
import { lookUntil } from '../look-again';
import { attemptWrite, writeBatch } from '../write';
import type { AppleMusicRunContext } from './ratings';
import { markedPlaylist, playlistUris } from './read-playlists';

/** What a copy is to hold, and how many of it an earlier attempt may have sent. */
interface Copy {
  uris: string[];
  sent: number;
}

/**
 * Makes a new playlist of what is in one now, in its order, without the tracks that the plan found there by the artists' ids.
 * Neither making one nor filling it is idempotent, and nothing is ever taken out again: the action's id stands in the
 * copy's description, by which it is looked for before it is made again, and before each call is noted how much it sends.
 */
export async function copyPlaylist(context: AppleMusicRunContext, action: OpenAction): Promise<void> {
  const end = (status: 'applied' | 'skipped' | 'failed', code: string) =>
    settle(context.em, context.run, [{ id: action.id, status, code }]);
  const begun = action.attempt > 0;
  const copy = await copyToMake(context, action);
  if (!copy) return end('skipped', 'playlist_gone');
  if (copy.uris.length === 0) return end('skipped', 'nothing_to_copy');
  const found = begun ? await lookLonger(context, () => markedPlaylist(context, action.id), isThere) : null;
  const made = found === null ? await make(context, action, copy.uris) : { id: found, refused: null };
  if (made.refused !== null) return end('failed', made.refused);
  if (made.id === null) return end('failed', 'outcome_unknown');
  const failure = await fill(context, action, made.id, found === null ? firstOf(copy.uris) : copy);
  return failure === null ? end('applied', 'copied') : end('failed', failure);
}

/** As noted by the attempt before, or what the playlist holds now; null where that is gone. */
async function copyToMake(context: AppleMusicRunContext, action: OpenAction): Promise<Copy | null> {
  const noted = action.before?.copy;
  if (action.attempt > 0 && noted) return noted;
  const leftOut = await tracksLeftOut(context.em, context.run.planId, action.playlistId);
  const here = await playlistUris(context, action.playlistId ?? '');
  const uris = here?.filter((uri) => !leftOut.has(uri));
  // What an attempt sent that noted nothing is not known.
  return uris ? { uris, sent: action.attempt > 0 ? uris.length : 0 } : null;
}

const firstOf = (uris: string[]): Copy => ({ uris, sent: Math.min(uris.length, PLAYLIST_TRACKS) });

const isThere = (id: string | null) => id !== null;

/** Twice as long as elsewhere: a copy that is made or filled twice stays so. */
async function lookLonger<T>(
  context: AppleMusicRunContext,
  look: () => Promise<T>,
  satisfied: (seen: T) => boolean,
): Promise<T> {
  const seen = await lookUntil(context, look, satisfied);
  return satisfied(seen) ? seen : lookUntil(context, look, satisfied);
}

async function make(
  context: AppleMusicRunContext,
  action: OpenAction,
  uris: string[],
): Promise<{ id: string | null; refused: string | null }> {
  const first = firstOf(uris);
  await intend(context.em, context.run, [{ id: action.id, before: { present: true } }], (tx) =>
    noteCopy(tx, action.id, first),
  );
  const playlist = {
    name: `${action.name} (without)`,
    description: `A copy without the artists you keep out, by Do Not Play. ${action.id}`,
    tracks: uris.slice(0, first.sent).map(refOf),
  };
  const write = await writeBatch(context, [action], () =>
    context.session.call((client, auth) => client.createPlaylist(auth, playlist)),
  );
  if (write.outcome === 'refused') return { id: null, refused: write.code };
  if (write.outcome === 'done') return { id: write.value.id, refused: null };
  return { id: await lookLonger(context, () => markedPlaylist(context, action.id), isThere), refused: null };
}

/**
 * Appends what is not in the copy yet, a hundred at a time, each seen before the next is sent.
 * @returns why it is not whole; null where it is
 */
async function fill(
  context: AppleMusicRunContext,
  action: OpenAction,
  copyId: string,
  { uris, sent }: Copy,
): Promise<string | null> {
  const look = (least: number) =>
    lookLonger(
      context,
      async () => (await playlistUris(context, copyId)) ?? [],
      (here) => here.length >= least,
    );
  let [here, most] = [await look(sent), sent];
  for (;;) {
    const next = nextCopyStep({ wanted: uris, here, sent: most, batch: PLAYLIST_TRACKS });
    if (next.step === 'end') return next.failure;
    const { from, to } = next;
    const refused = await append(context, action, copyId, { uris, from, to });
    if (refused !== null) return refused;
    [here, most] = [await look(to), to];
    // Its answer got lost, and so did the call, or it is later than anything we know: it is not sent again.
    if (here.length === from) return 'copy_incomplete';
  }
}

/** @returns why the provider will not take them; null where it did, or where that is to be seen */
async function append(
  context: AppleMusicRunContext,
  action: OpenAction,
  copyId: string,
  { uris, from, to }: { uris: string[]; from: number; to: number },
): Promise<string | null> {
  const note = (sent: number) =>
    intend(context.em, context.run, [{ id: action.id, before: { present: true } }], (tx) =>
      noteCopy(tx, action.id, { uris, sent }),
    );
  await note(to);
  try {
    const refs = uris.slice(from, to).map(refOf);
    const write = await attemptWrite(() =>
      context.session.call((client, auth) => client.appendTracks(auth, copyId, refs)),
    );
    return write.outcome === 'refused' ? write.code : null;
  } catch (error) {
    // Nothing was sent, so nobody has to wait for it to show.
    if (error instanceof ProviderError) await note(from);
    throw error;
  }
}

/** How a track is named to Apple: by its catalog id, an upload by the library's. */
function refOf(uri: string): TrackRef {
  const parsed = parseAppleMusicUri(uri);
  if (!parsed || (parsed.kind !== 'song' && parsed.kind !== 'music-video'))
    throw new ProviderError('invalid', { code: 'not_a_track' });
  const type = parsed.kind === 'song' ? ('songs' as const) : ('music-videos' as const);
  return { id: parsed.id, type: parsed.inLibrary ? `library-${type}` : type };
}
