import { ProviderError } from '../../../domain/errors';
import type { CredentialAccess, UsableToken } from '../../postgres/credential-access';
import { type ArtistSource, askPatiently, type FoundArtist } from '../artist-source';
import type { SpotifyArtistRef, SpotifyAuth, SpotifyClient } from './types';

/** Puts questions to Spotify with the connection's token. */
export function createSpotifyArtistSource(deps: { access: CredentialAccess; spotify: SpotifyClient }): ArtistSource {
  const ask = <T>(connectionId: string, question: (auth: SpotifyAuth) => Promise<T>): Promise<T> =>
    askPatiently(async (signal) => {
      const authOf = ({ accessToken, clientId, quota }: UsableToken) => ({ accessToken, clientId, quota, signal });
      const token = await deps.access.forConnection(connectionId, { signal });
      try {
        return await question(authOf(token));
      } catch (error) {
        if (!(error instanceof ProviderError) || error.failure !== 'unauthorized') throw error;
        const renewed = await deps.access.forConnection(connectionId, { rejectedVersion: token.version, signal });
        return await question(authOf(renewed));
      }
    });

  return {
    search: ({ connectionId }, query, limit) =>
      ask(connectionId, async (auth) =>
        (await deps.spotify.searchArtists(auth, query, Math.min(limit, 10))).map(foundArtist),
      ),
    artist: ({ connectionId }, id) =>
      ask(connectionId, async (auth) => foundArtist(await deps.spotify.artist(auth, id))),
    credits: ({ connectionId }, kind, id) =>
      ask(connectionId, async (auth) => (await deps.spotify[kind](auth, id)).artists.map(foundArtist)),
  };
}

function foundArtist({
  id,
  name,
  imageUrl = null,
  genres = [],
}: SpotifyArtistRef & { imageUrl?: string | null; genres?: string[] }): FoundArtist {
  return { providerId: id, name, imageUrl, genres };
}
