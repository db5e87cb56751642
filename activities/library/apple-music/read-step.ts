import type { SyncCursor } from '../../../adapters/postgres/library-generations';
import type { AppleMusicSyncContext } from './sync-context';
import { syncList } from './sync-list';
import { syncPlaylistContents, syncPlaylistList } from './sync-playlists';

/** Reads on in the step that the cursor is at. */
export async function readAppleMusicStep(
  context: AppleMusicSyncContext,
  step: Exclude<SyncCursor['step'], 'publish'>,
): Promise<void> {
  if (step === 'playlists') return syncPlaylistList(context);
  if (step === 'contents') return syncPlaylistContents(context);
  return syncList(context, step);
}
