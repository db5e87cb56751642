import { ProviderError } from '../../../domain/errors';
import type { SpotifyAppBook } from './app-book';
import type { SpotifyHttp } from './http';
import { findDialect, isContained, libraryDialects, type LibraryWrites, mayBeOtherDialect } from './library-dialects';
import type { SpotifyAuth } from './types';

/**
 * Library writes in the dialect of whichever app a call goes through. Where a refusal may mean that it has the other one, the
 * app is asked; what comes of that is kept, and the write made again. A refused write did nothing, so nothing is lost or done
 * twice; an app that answers as expected keeps its dialect, and the refusal is thrown on.
 */
export function createLibraryWrites(call: SpotifyHttp, book: SpotifyAppBook): LibraryWrites {
  const dialects = libraryDialects(call);

  async function write<T>(
    auth: SpotifyAuth,
    uri: string,
    make: (writes: LibraryWrites) => Promise<T>,
    suspicious = mayBeOtherDialect,
  ): Promise<T> {
    const { dialect } = await book.read(auth.clientId);
    try {
      return await make(dialects[dialect]);
    } catch (error) {
      if (!(error instanceof ProviderError) || !suspicious(error)) throw error;
      const found = await findDialect(call, auth, uri);
      if (found === null || found === dialect) throw error;
      await book.noteDialect(auth.clientId, found);
      return make(dialects[found]);
    }
  }

  return {
    restoreLikes: (auth, likes) => write(auth, likes[0]?.uri ?? '', (writes) => writes.restoreLikes(auth, likes)),
    followArtists: (auth, uris) => write(auth, uris[0] ?? '', (writes) => writes.followArtists(auth, uris)),
    unfollowArtists: async (auth, uris) => {
      const uri = uris[0] ?? '';
      if (!(await book.read(auth.clientId)).unfollowsArtists) throw artistsRefused();
      // One artist who is refused although Spotify knows them: then it is the call, which the reference leaves out.
      const alone = (error: ProviderError) => uris.length === 1 && error.failure === 'invalid';
      try {
        await write(
          auth,
          uri,
          (writes) => writes.unfollowArtists(auth, uris),
          (error) => mayBeOtherDialect(error) || alone(error),
        );
      } catch (error) {
        if (!(error instanceof ProviderError) || !alone(error) || !(await isContained(call, auth, uri))) throw error;
        await book.noteArtistsRefused(auth.clientId);
        throw artistsRefused();
      }
    },
  };
}

const artistsRefused = () => new ProviderError('invalid', { code: 'artists_refused' });
