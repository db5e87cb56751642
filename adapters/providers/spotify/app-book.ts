import type { SpotifyDialect } from '../../../domain/reversibility';

/** What is known of an app: what its configuration says, corrected by what calls have shown. */
export interface KnownSpotifyApp {
  dialect: SpotifyDialect;
  /** False where Spotify lately refused to unfollow artists through it. */
  unfollowsArtists: boolean;
}

/** Remembers by client id, for all processes, what calls have shown. */
export interface SpotifyAppBook {
  read(clientId: string): Promise<KnownSpotifyApp>;
  /** The app turned out to have these calls. */
  noteDialect(clientId: string, dialect: SpotifyDialect): Promise<void>;
  noteArtistsRefused(clientId: string): Promise<void>;
}

/** For callers that write to no library: every app counts as one in development mode, and nothing is kept. */
export const forgetfulAppBook: SpotifyAppBook = {
  read: () => Promise.resolve({ dialect: 'development', unfollowsArtists: true }),
  noteDialect: () => Promise.resolve(),
  noteArtistsRefused: () => Promise.resolve(),
};
