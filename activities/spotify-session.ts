import type { CredentialAccess } from '../adapters/postgres/credential-access';
import type { SpotifyClient } from '../adapters/providers/spotify/types';
import { openSession, type ProviderSession, type SessionOptions } from './provider-session';

/** One connection's use of Spotify for the length of an activity. */
export type SpotifySession = ProviderSession<SpotifyClient>;

/** Opens a session; a token that Spotify no longer takes is renewed once. */
export function openSpotifySession(
  deps: { client: SpotifyClient; access: CredentialAccess },
  connectionId: string,
  options: SessionOptions = {},
): SpotifySession {
  return openSession({ ...deps, afterRefusal: (version) => Promise.resolve(version) }, connectionId, options);
}
