import { ProviderError } from '../../../domain/errors';
import type { SpotifyDialect } from '../../../domain/reversibility';
import type { SpotifyHttp } from './http';
import type { SpotifyAuth, SpotifyLike } from './types';

/** The writes to a library that the two dialects make differently. Both take at most 40 URIs of one kind. */
export interface LibraryWrites {
  /** Likes in the order in which they are to come in. `dated`: each has its old date, and the place that goes with it. */
  restoreLikes(auth: SpotifyAuth, likes: readonly SpotifyLike[]): Promise<{ dated: boolean }>;
  followArtists(auth: SpotifyAuth, uris: readonly string[]): Promise<void>;
  unfollowArtists(auth: SpotifyAuth, uris: readonly string[]): Promise<void>;
}

const idOf = (uri: string): string => uri.split(':').at(-1) ?? '';
const joined = (uris: readonly string[]): string => uris.join(',');

/**
 * Development mode has `/me/library` alone. For artists the reference leaves it out, while the migration guide uses it; it
 * stamps likes with the present time.
 *
 * Extended quota keeps the older calls: `PUT /me/tracks` takes a date for each id (the only call that does, deprecated), and
 * `/me/following` is the documented one for artists. Everything else is the same in both and goes by `/me/library`.
 */
export function libraryDialects(call: SpotifyHttp): Record<SpotifyDialect, LibraryWrites> {
  const library = (auth: SpotifyAuth, method: 'PUT' | 'DELETE', uris: readonly string[]) =>
    call(auth, {
      endpoint: method === 'PUT' ? 'library_save' : 'library_remove',
      method,
      path: '/me/library',
      query: { uris: joined(uris) },
      answer: null,
    });
  // Ids in query and body: the reference requires both, and ignores those of the body.
  const following = (auth: SpotifyAuth, method: 'PUT' | 'DELETE', uris: readonly string[]) => {
    const ids = uris.map(idOf);
    return call(auth, {
      endpoint: method === 'PUT' ? 'artists_follow' : 'artists_unfollow',
      method,
      path: '/me/following',
      query: { type: 'artist', ids: joined(ids) },
      body: { ids },
      answer: null,
    });
  };
  return {
    development: {
      restoreLikes: async (auth, likes) => {
        const uris = likes.map(({ uri }) => uri);
        await library(auth, 'PUT', uris);
        return { dated: false };
      },
      followArtists: (auth, uris) => library(auth, 'PUT', uris),
      unfollowArtists: (auth, uris) => library(auth, 'DELETE', uris),
    },
    extended: {
      restoreLikes: async (auth, likes) => {
        await call(auth, {
          endpoint: 'tracks_save',
          method: 'PUT',
          path: '/me/tracks',
          body: { ids: [], timestamped_ids: likes.map(({ uri, addedAt }) => ({ id: idOf(uri), added_at: addedAt })) },
          answer: null,
        });
        return { dated: true };
      },
      followArtists: (auth, uris) => following(auth, 'PUT', uris),
      unfollowArtists: (auth, uris) => following(auth, 'DELETE', uris),
    },
  };
}

/**
 * Whether a refused write may mean that the app has the other dialect: of a call that an app does not have Spotify says a
 * plain `Forbidden`, or that there is nothing there. Refusals that name their reason (a scope, the app's users) never do.
 */
export function mayBeOtherDialect({ failure, details }: ProviderError): boolean {
  if (failure === 'forbidden') return details.code === 'forbidden';
  return failure === 'not_found' || details.status === 405 || details.status === 410;
}

/**
 * Asks which dialect an app has, by two reads of the very item: the older question is answered to extended quota only, the
 * newer one to all. Null where neither is answered: then it was not about the app. Throws what any read throws.
 */
export async function findDialect(call: SpotifyHttp, auth: SpotifyAuth, uri: string): Promise<SpotifyDialect | null> {
  const isArtist = uri.startsWith('spotify:artist:');
  const older = await isThere(() =>
    call(auth, {
      endpoint: 'older_contains',
      path: isArtist ? '/me/following/contains' : '/me/tracks/contains',
      query: { ...(isArtist ? { type: 'artist' } : {}), ids: idOf(uri) },
      answer: null,
    }),
  );
  if (older !== false) return older && 'extended';
  return (await isContained(call, auth, uri)) ? 'development' : null;
}

/** Whether the app is let ask about the item at all. */
export async function isContained(call: SpotifyHttp, auth: SpotifyAuth, uri: string): Promise<boolean> {
  const path = '/me/library/contains';
  return (
    (await isThere(() => call(auth, { endpoint: 'library_contains', path, query: { uris: uri }, answer: null }))) ===
    true
  );
}

/** False where the app does not have the call; null where it was refused for another reason. */
async function isThere(ask: () => Promise<unknown>): Promise<boolean | null> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (mayBeOtherDialect(error)) return false;
    if (error.failure === 'invalid' || error.failure === 'forbidden') return null;
    throw error;
  }
}
