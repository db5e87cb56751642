import { loadPartEntries } from '../../adapters/postgres/library-generations';
import type { PlaylistEntry } from '../../adapters/postgres/library-content';
import { loadSequence, type KeptSequence, type PendingInsertions } from '../../adapters/postgres/playlist-sequences';
import { unknownRemovals } from '../../adapters/postgres/unknown-removals';
import { ProviderError } from '../../domain/errors';
import { alignWithLive, buryUris, type LiveItem, liveView, sequenceFromLive } from '../../domain/playlist-sequence';
import { readPlaylist } from '../library/read-playlist';
import type { RunContext } from './run-context';

/** A playlist as it is now: its kept sequence brought up to date with the provider. */
export interface CurrentPlaylist extends KeptSequence {
  snapshotId: string;
  live: LiveItem[];
  pending: PendingInsertions | null;
}

export const liveItem = ([uri, addedAt, addedBy]: PlaylistEntry): LiveItem => ({ uri, addedAt, addedBy });

/**
 * One look at the snapshot; the contents come from what we keep, or from the plan's generation, where the snapshot is the
 * same, and from a fresh read where it is not. Throws ProviderError (`not_found` when the playlist was deleted).
 */
export async function currentPlaylist(context: RunContext, playlistId: string): Promise<CurrentPlaylist> {
  const kept = await loadSequence(context.em, context.run.connectionId, playlistId);
  const state = await context.session.call((spotify, auth) => spotify.playlistState(auth, playlistId));
  if (kept && kept.snapshotId === state.snapshotId && !kept.pending) {
    const live = liveView(kept.sequence);
    if (live.length === state.length) return { ...kept, snapshotId: state.snapshotId, live };
  }
  const planned = await plannedItems(context, playlistId, state.snapshotId);
  if (planned && planned.length === state.length) return aligned(context, playlistId, kept, planned, state.snapshotId);
  return freshPlaylist(context, playlistId, kept);
}

/**
 * Reads the playlist whole and aligns what we keep with it.
 * @param snapshotId the snapshot that it is expected to have; null to ask
 */
export async function freshPlaylist(
  context: RunContext,
  playlistId: string,
  kept: KeptSequence | null,
  snapshotId: string | null = null,
): Promise<CurrentPlaylist> {
  const look = await readPlaylist(context.session, playlistId, snapshotId);
  return aligned(context, playlistId, kept, look.entries.map(liveItem), look.snapshotId);
}

/** What an earlier run may have removed without learning of it, and what is gone now, counts as removed by that run. */
async function aligned(
  context: RunContext,
  playlistId: string,
  kept: KeptSequence | null,
  live: LiveItem[],
  snapshotId: string,
): Promise<CurrentPlaylist> {
  if (!kept) return { sequence: sequenceFromLive(live), snapshotId, live, pending: null };
  const unknown = await unknownRemovals(context.em, context.run.connectionId, playlistId);
  for (const { uri } of live) if (uri !== null) unknown.delete(uri);
  const { sequence } = alignWithLive(buryUris(kept.sequence, unknown), live);
  return { sequence, snapshotId, live, pending: kept.pending };
}

async function plannedItems(context: RunContext, playlistId: string, snapshotId: string): Promise<LiveItem[] | null> {
  if (!context.run.generationId) return null;
  const part = await loadPartEntries<PlaylistEntry>(context.em, context.run.generationId, 'playlist', playlistId);
  return part && part.part.snapshotId === snapshotId ? part.entries.map(liveItem) : null;
}

/** How the actions in a playlist end that cannot be opened any more; null where the failure is of another kind. */
export function closedPlaylist(error: unknown): { status: 'skipped' | 'failed'; code: string } | null {
  if (!(error instanceof ProviderError)) return null;
  if (error.failure === 'not_found') return { status: 'skipped', code: 'playlist_gone' };
  if (error.failure === 'forbidden' && error.details.code !== 'connection_disconnected')
    return { status: 'failed', code: error.details.code ?? 'forbidden' };
  return null;
}
