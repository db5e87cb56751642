import type { AppleMusicSession } from '../../apple-music-session';
import type { SyncContext } from '../sync-context';

/** What each step of a sync of Apple Music works with. */
export interface AppleMusicSyncContext extends SyncContext<AppleMusicSession> {
  /** Which catalog the person sees. */
  storefront: string;
}

/** What one call reads of any list. */
export const pageSize = 100;
/** Pages read side by side; the gate decides how fast they really go. */
export const pagesAtOnce = 4;
/** A list that keeps changing while it is read is taken as it came after so many beginnings. */
export const mostRestarts = 3;
