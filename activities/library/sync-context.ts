import type { SyncCursor } from '../../adapters/postgres/library-generations';
import { moveCursor } from '../../adapters/postgres/library-generations';
import type { EntityManager } from '../../adapters/postgres/orm';
import type { SpotifySession } from '../spotify-session';

/** What each step of a sync works with. */
export interface SyncContext {
  em: EntityManager;
  session: SpotifySession;
  connectionId: string;
  /** The person's user id at Spotify: what their own playlists name as owner. */
  accountUserId: string;
  generationId: string;
  /** The generation shown until now; unchanged parts are taken over from it. */
  previousId: string | null;
  cursor: SyncCursor;
  /** Calls already counted in the row. */
  countedCalls: number;
  /** Tells Temporal that we are alive; throws when the activity was cancelled. */
  beat(): void;
}

/** Saves where to go on, together with the number of calls made since the last save. */
export async function advance(context: SyncContext, change: Partial<SyncCursor>): Promise<void> {
  context.cursor = { ...context.cursor, ...change };
  const calls = context.session.calls - context.countedCalls;
  context.countedCalls += calls;
  await moveCursor(context.em, context.generationId, context.cursor, calls);
  context.beat();
}

/** Goes to the next step, from its beginning. */
export function nextStep(context: SyncContext, step: SyncCursor['step']): Promise<void> {
  return advance(context, { step, offset: 0, total: null, after: null, restarts: 0 });
}
