import { ownApp, type SpotifyApp } from './apps';

export interface AppSituation {
  /** The operator's, in the order in which they fill. */
  apps: readonly SpotifyApp[];
  /** The client id of the person's own app, where they brought one. */
  own: string | null;
  /** The client id that the connection to be renewed goes through. */
  before: string | null;
  /** Connections by client id; those of apps without a limit may be missing. */
  used: ReadonlyMap<string, number>;
  /** Client ids of apps that Spotify lately did not let this person use, the longest ago first. */
  refusedBy: readonly string[];
}

export interface AppChoice {
  app: SpotifyApp;
  /** Whether Spotify lately refused the person there; it is offered again, since they may have been registered meanwhile. */
  refused: boolean;
}

/**
 * Which app a consent goes through: the person's own · the one that the connection had, where it is still there · the first
 * with room. Apps that refused the person come last, the one that did so longest ago first. Null where all are full.
 */
export function chooseApp({ apps, own, before, used, refusedBy }: AppSituation): AppChoice | null {
  if (own !== null) return { app: ownApp(own), refused: refusedBy.includes(own) };
  const hasRoom = ({ clientId, people }: SpotifyApp) =>
    clientId === before || people === null || (used.get(clientId) ?? 0) < people;
  const open = apps.filter(hasRoom);
  const willing = open.filter(({ clientId }) => !refusedBy.includes(clientId));
  const first = willing.find(({ clientId }) => clientId === before) ?? willing[0];
  if (first) return { app: first, refused: false };
  const [again] = [...open].sort((a, b) => refusedBy.indexOf(a.clientId) - refusedBy.indexOf(b.clientId));
  return again ? { app: again, refused: true } : null;
}
