import type { SyncCursor } from '../../adapters/postgres/library-generations';
import type { SyncContext } from './sync-context';
import { syncFollows } from './sync-follows';
import { syncPlaylistContents, syncPlaylistList } from './sync-playlists';
import { syncSaved } from './sync-saved';

/** Reads on in the step that the cursor is at. */
export async function readSpotifyStep(
  context: SyncContext,
  step: Exclude<SyncCursor['step'], 'publish'>,
): Promise<void> {
  if (step === 'follows') return syncFollows(context);
  if (step === 'playlists') return syncPlaylistList(context);
  if (step === 'contents') return syncPlaylistContents(context);
  return syncSaved(context, step);
}
