import type { RunState } from '../../adapters/postgres/run-state';
import type { EntityManager } from '../../adapters/postgres/orm';
import type { SessionFigures } from '../provider-session';
import type { SpotifySession } from '../spotify-session';

/** What each step of a run works with. */
export interface RunContext<Session extends SessionFigures = SpotifySession> {
  em: EntityManager;
  run: RunState;
  session: Session;
  /** True once the slice is to end: no new batch is begun, those in flight finish and are saved. */
  stopping(): boolean;
  /** Resolves after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}
