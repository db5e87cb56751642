import type { SyncCursor } from '../../adapters/postgres/library-generations';
import { openAppleMusicSession } from '../apple-music-session';
import type { LibraryDeps } from '../library';
import type { SessionFigures, SessionOptions } from '../provider-session';
import { openSpotifySession } from '../spotify-session';
import { readAppleMusicStep } from './apple-music/read-step';
import { readSpotifyStep } from './read-step';
import type { SyncContext } from './sync-context';

/** How a provider's library is read: step by step, each saving in the context where to go on. */
export interface LibraryReader {
  context: SyncContext<SessionFigures>;
  /** Throws ProviderError, SupersededSyncError. */
  readOn(step: Exclude<SyncCursor['step'], 'publish'>): Promise<void>;
}

/** The reader for a connection's provider. */
export function openReader(
  deps: LibraryDeps,
  { provider, storefront }: { provider: string; storefront?: string | null },
  progress: Omit<SyncContext, 'session'>,
  options: SessionOptions,
): LibraryReader {
  const { connectionId } = progress;
  if (provider === 'apple_music') {
    const session = openAppleMusicSession({ ...deps, client: deps.appleMusic }, connectionId, options);
    // A connection to Apple Music always has one: it is what its token was tried with.
    const context = { ...progress, session, storefront: storefront ?? 'us' };
    return { context, readOn: (step) => readAppleMusicStep(context, step) };
  }
  const session = openSpotifySession({ client: deps.spotify, access: deps.access }, connectionId, options);
  const context = { ...progress, session };
  return { context, readOn: (step) => readSpotifyStep(context, step) };
}
