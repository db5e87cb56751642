import type { OpenAction } from '../../adapters/postgres/journal';
import type { EnforcementDeps } from '../enforcement';
import { openAppleMusicSession } from '../apple-music-session';
import type { SessionFigures, SessionOptions } from '../provider-session';
import { openSpotifySession } from '../spotify-session';
import { observeRatings } from './apple-music/observe';
import { appleMusicUnits } from './apple-music/units';
import { observeTouchedParts } from './observe';
import type { RunContext } from './run-context';
import { type Unit, workUnits } from './units';

/** How the actions of a run are done at its connection's provider. */
export interface RunWork {
  session: SessionFigures;
  /** Cuts open actions into pieces that may run side by side. */
  units(actions: readonly OpenAction[]): Promise<Unit[]>;
  /** The last look at what the run touched. */
  observe(): Promise<void>;
}

/** The work of a run. */
export function openRunWork(
  deps: EnforcementDeps,
  about: Omit<RunContext, 'session'>,
  options: SessionOptions,
): RunWork {
  const { connectionId, provider } = about.run;
  if (provider === 'apple_music') {
    const session = openAppleMusicSession({ ...deps, client: deps.appleMusic }, connectionId, options);
    const context = { ...about, session };
    return {
      session,
      units: (actions) => Promise.resolve(appleMusicUnits(context, actions)),
      observe: () => observeRatings(context),
    };
  }
  const session = openSpotifySession({ client: deps.spotify, access: deps.access }, connectionId, options);
  const context = { ...about, session };
  return {
    session,
    units: (actions) => workUnits(context, actions),
    observe: () => observeTouchedParts(context),
  };
}
