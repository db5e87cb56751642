import type { SyncCursor } from '../../adapters/postgres/library-generations';
import { moveCursor } from '../../adapters/postgres/library-generations';
import type { EntityManager } from '../../adapters/postgres/orm';
import type { SessionFigures } from '../provider-session';
import type { SpotifySession } from '../spotify-session';

/** What each step of a sync works with. */
export interface SyncContext<Session extends SessionFigures = SpotifySession> {
  em: EntityManager;
  session: Session;
  connectionId: string;
  /** The person's user id at Spotify: what their own playlists name as owner. */
  accountUserId: string;
  generationId: string;
  /** The generation shown until now; unchanged parts are taken over from it. */
  previousId: string | null;
  cursor: SyncCursor;
  /** Calls already counted in the row. */
  countedCalls: number;
}

/** Another execution works on this generation: this one must end. */
export class SupersededSyncError extends Error {
  override readonly name = 'SupersededSyncError';
}

/**
 * Saves where to go on, together with the number of calls made since the last save and with what `alongside` writes, in one
 * transaction. Throws SupersededSyncError.
 */
export async function advance(
  context: SyncContext<SessionFigures>,
  change: Partial<SyncCursor>,
  alongside?: (tx: EntityManager) => Promise<void>,
): Promise<void> {
  const to = { ...context.cursor, ...change };
  const move = { from: context.cursor, to, calls: context.session.calls - context.countedCalls };
  const save = async (tx: EntityManager) => {
    if (!(await moveCursor(tx, context.generationId, move))) throw new SupersededSyncError();
    await alongside?.(tx);
  };
  await (alongside ? context.em.fork().transactional(save) : save(context.em));
  context.cursor = to;
  context.countedCalls += move.calls;
}

/** Goes to the next step, from its beginning. */
export function nextStep(
  context: SyncContext<SessionFigures>,
  step: SyncCursor['step'],
  alongside?: (tx: EntityManager) => Promise<void>,
): Promise<void> {
  return advance(context, { step, offset: 0, total: null, after: null, restarts: 0 }, alongside);
}
