import type { SpotifyDialect } from '../../../domain/reversibility';

/** An app in Spotify's dashboard. */
export interface SpotifyApp {
  clientId: string;
  /** Null for a person's own app: a public client, which shows itself by PKCE alone. */
  clientSecret: string | null;
  /** Name of the developer account that it belongs to: Spotify counts calls by that since July 2026, over all of its apps. */
  quota: string;
  /** Which shape of the Web API it is given: since 2026 development mode has another one than extended quota. */
  dialect: SpotifyDialect;
  /** How many people it may have; null where there is no such limit. */
  people: number | null;
}

/** People that Spotify lets use an app in development mode. */
export const developmentPeople = 5;

/**
 * Name of the quota that somebody's own app uses. Which developer account it belongs to is not known, so it counts as one of
 * its own; two people with the same app share it.
 */
export const ownQuota = (clientId: string): string => `own:${clientId}`;

/** A person's own app, which is in development mode. Spotify's own list says who may use it. */
export const ownApp = (clientId: string): SpotifyApp => ({
  clientId,
  clientSecret: null,
  quota: ownQuota(clientId),
  dialect: 'development',
  people: null,
});

/** The app of a client id: one of the operator's, or else a person's own. */
export const spotifyAppOf = (operators: readonly SpotifyApp[], clientId: string): SpotifyApp =>
  operators.find((app) => app.clientId === clientId) ?? ownApp(clientId);

/** Client ids that a person may bring: Spotify's are 32 hexadecimal digits; the sandbox also knows `own-app-…`. */
export function isOwnClientId(clientId: string, { sandbox }: { sandbox: boolean }): boolean {
  return /^[0-9a-f]{32}$/.test(clientId) || (sandbox && /^own-app-[a-z0-9-]{1,32}$/.test(clientId));
}
