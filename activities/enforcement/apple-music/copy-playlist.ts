import { intend, type OpenAction, settle } from '../../../adapters/postgres/journal';
import { copiedName, tracksLeftOut } from '../../../adapters/postgres/playlist-copies';
import { PLAYLIST_TRACKS } from '../../../adapters/providers/apple-music/client';
import type {
  AppleMusicPage,
  AppleMusicPageRequest,
  LibraryPlaylist,
  LibrarySong,
  TrackRef,
} from '../../../adapters/providers/apple-music/types';
import { inBatches } from '../../../domain/batches';
import { ProviderError } from '../../../domain/errors';
import { songEntry } from '../../library/apple-music/entries';
import { lookUntil } from '../look-again';
import { attemptWrite, writeBatch } from '../write';
import type { AppleMusicRunContext } from './ratings';

const pageSize = 100;

/**
 * Makes a new playlist of what is in one now, in its order, without the tracks that the plan found there by the artists' ids.
 * Making one is not idempotent: the action's id stands in its description, and before it is made again it is looked for.
 */
export async function copyPlaylist(context: AppleMusicRunContext, action: OpenAction): Promise<void> {
  const end = (status: 'applied' | 'skipped' | 'failed', code: string) =>
    settle(context.em, context.run, [{ id: action.id, status, code }]);
  const wanted = await tracksToCopy(context, action);
  if (!wanted) return end('skipped', 'playlist_gone');
  if (wanted.length === 0) return end('skipped', 'nothing_to_copy');
  const made = await madeBefore(context, action);
  const copy = made === null ? await make(context, action, wanted) : { id: made, refused: null };
  if (copy.refused !== null) return end('failed', copy.refused);
  if (copy.id === null) return end('failed', 'outcome_unknown');
  const code = await fill(context, copy.id, wanted, made === null);
  return code === null ? end('applied', 'copied') : end('failed', code);
}

interface Wanted {
  uri: string;
  ref: TrackRef;
}

/** Null where the playlist is gone. */
async function tracksToCopy(context: AppleMusicRunContext, action: OpenAction): Promise<Wanted[] | null> {
  const leftOut = await tracksLeftOut(context.em, context.run.planId, action.playlistId);
  const songs = await songsOf(context, action.playlistId ?? '');
  return songs && songs.map(wantedOf).filter(({ uri }) => !leftOut.has(uri));
}

function wantedOf(song: LibrarySong): Wanted {
  const of = song.kind === 'song' ? 'songs' : 'music-videos';
  const ref: TrackRef = song.catalog ? { id: song.catalog.id, type: of } : { id: song.id, type: `library-${of}` };
  return { uri: songEntry(song)[0], ref };
}

async function songsOf(context: AppleMusicRunContext, playlistId: string): Promise<LibrarySong[] | null> {
  const songs: LibrarySong[] = [];
  try {
    for (let offset: number | null = 0; offset !== null;) {
      const at: AppleMusicPageRequest = { offset, limit: pageSize };
      const page: AppleMusicPage<LibrarySong> = await context.session.call((client, auth) =>
        client.playlistTracks(auth, playlistId, at),
      );
      songs.push(...page.items);
      offset = page.nextOffset;
    }
    return songs;
  } catch (error) {
    if (error instanceof ProviderError && error.failure === 'not_found') return null;
    throw error;
  }
}

/** A playlist that an earlier attempt has made; it may show only some time later. */
async function madeBefore(context: AppleMusicRunContext, action: OpenAction): Promise<string | null> {
  if (action.attempt === 0) return null;
  return lookUntil(
    context,
    () => findMarked(context, action.id),
    (found) => found !== null,
  );
}

async function findMarked(context: AppleMusicRunContext, marker: string): Promise<string | null> {
  for (let offset: number | null = 0; offset !== null;) {
    const at: AppleMusicPageRequest = { offset, limit: pageSize };
    const page: AppleMusicPage<LibraryPlaylist> = await context.session.call((client, auth) =>
      client.libraryPlaylists(auth, at),
    );
    const found = page.items.find(({ description }) => description?.includes(marker));
    if (found) return found.id;
    offset = page.nextOffset;
  }
  return null;
}

async function make(
  context: AppleMusicRunContext,
  action: OpenAction,
  wanted: readonly Wanted[],
): Promise<{ id: string | null; refused: string | null }> {
  await intend(context.em, context.run, [{ id: action.id, before: { present: true } }]);
  const playlist = {
    name: `${await copiedName(context.em, action.id)} (without)`,
    description: `A copy without the artists you keep out, by Do Not Play. ${action.id}`,
    tracks: wanted.slice(0, PLAYLIST_TRACKS).map(({ ref }) => ref),
  };
  const write = await writeBatch(context, [action], () =>
    context.session.call((client, auth) => client.createPlaylist(auth, playlist)),
  );
  if (write.outcome === 'refused') return { id: null, refused: write.code };
  if (write.outcome === 'done') return { id: write.value.id, refused: null };
  const id = await lookUntil(
    context,
    () => findMarked(context, action.id),
    (found) => found !== null,
  );
  return { id, refused: null };
}

/**
 * Appends what is not in the copy yet, a hundred at a time, each seen before the next is sent.
 * @returns why it is not whole; null where it is
 */
async function fill(
  context: AppleMusicRunContext,
  copyId: string,
  wanted: readonly Wanted[],
  fresh: boolean,
): Promise<string | null> {
  const look = (least: number) =>
    lookUntil(
      context,
      async () => ((await songsOf(context, copyId)) ?? []).map((song) => songEntry(song)[0]),
      (uris) => uris.length >= least,
    );
  // One that an earlier attempt was filling shows a whole number of batches, or all of it.
  let here = await look(fresh ? Math.min(wanted.length, PLAYLIST_TRACKS) : 1);
  for (const batch of inBatches(wanted, PLAYLIST_TRACKS)) {
    const end = wanted.indexOf(batch.at(-1)!) + 1;
    if (here.length >= end) continue;
    const refs = batch.map(({ ref }) => ref);
    const write = await attemptWrite(() =>
      context.session.call((client, auth) => client.appendTracks(auth, copyId, refs)),
    );
    if (write.outcome === 'refused') return write.code;
    here = await look(end);
    if (here.length < end) return 'copy_incomplete';
  }
  return here.length === wanted.length && here.every((uri, n) => uri === wanted[n]?.uri) ? null : 'changed_since';
}
