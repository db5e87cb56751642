import { ProviderError } from '../../../domain/errors';
import type { CredentialAccess, UsableToken } from '../../postgres/credential-access';
import type { SpotifyArtistRef, SpotifyAuth, SpotifyClient } from './types';

/** An artist as the provider names it; the image is null where the answer has none. */
export interface FoundArtist {
  providerId: string;
  name: string;
  imageUrl: string | null;
}

/**
 * Questions about artists, put to Spotify through one connection of a person's. No token leaves it. Each throws
 * ProviderError, `not_found` included.
 */
export interface ArtistSource {
  /** At most 10, best first. */
  search(connectionId: string, query: string, limit: number): Promise<FoundArtist[]>;
  artist(connectionId: string, id: string): Promise<FoundArtist>;
  /** The artists credited on a track or an album, in credit order. */
  credits(connectionId: string, kind: 'track' | 'album', id: string): Promise<FoundArtist[]>;
}

/** Longest wait for an answer that a person is looking at a search box for, in milliseconds. */
const patience = 4_000;

export function createArtistSource(deps: { access: CredentialAccess; spotify: SpotifyClient }): ArtistSource {
  async function ask<T>(connectionId: string, question: (auth: SpotifyAuth) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(patience);
    const authOf = ({ accessToken, clientId, quota }: UsableToken): SpotifyAuth => ({
      accessToken,
      clientId,
      quota,
      signal,
    });
    try {
      const token = await deps.access.forConnection(connectionId, { signal });
      try {
        return await question(authOf(token));
      } catch (error) {
        if (!(error instanceof ProviderError) || error.failure !== 'unauthorized') throw error;
        const renewed = await deps.access.forConnection(connectionId, { rejectedVersion: token.version, signal });
        return await question(authOf(renewed));
      }
    } catch (error) {
      if (signal.aborted) throw new ProviderError('unavailable', { code: 'timeout' });
      throw error;
    }
  }

  return {
    search: (connectionId, query, limit) =>
      ask(connectionId, async (auth) =>
        (await deps.spotify.searchArtists(auth, query, Math.min(limit, 10))).map(foundArtist),
      ),
    artist: (connectionId, id) => ask(connectionId, async (auth) => foundArtist(await deps.spotify.artist(auth, id))),
    credits: (connectionId, kind, id) =>
      ask(connectionId, async (auth) => (await deps.spotify[kind](auth, id)).artists.map(foundArtist)),
  };
}

function foundArtist({ id, name, imageUrl }: SpotifyArtistRef & { imageUrl?: string | null }): FoundArtist {
  return { providerId: id, name, imageUrl: imageUrl ?? null };
}
