import type {
  AppleMusicPage,
  AppleMusicPageRequest,
  LibraryPlaylist,
  LibrarySong,
} from '../../../adapters/providers/apple-music/types';
import { ProviderError } from '../../../domain/errors';
import { songEntry } from '../../library/apple-music/entries';
import type { AppleMusicRunContext } from './ratings';

const pageSize = 100;

/** The URIs of what a playlist holds, in its order; null where it is gone. */
export async function playlistUris(context: AppleMusicRunContext, playlistId: string): Promise<string[] | null> {
  const uris: string[] = [];
  try {
    for (let offset: number | null = 0; offset !== null;) {
      const at: AppleMusicPageRequest = { offset, limit: pageSize };
      const page: AppleMusicPage<LibrarySong> = await context.session.call((client, auth) =>
        client.playlistTracks(auth, playlistId, at),
      );
      uris.push(...page.items.map((song) => songEntry(song)[0]));
      offset = page.nextOffset;
    }
    return uris;
  } catch (error) {
    if (error instanceof ProviderError && error.failure === 'not_found') return null;
    throw error;
  }
}

/** The playlist whose description holds a marker; null where none shows. */
export async function markedPlaylist(context: AppleMusicRunContext, marker: string): Promise<string | null> {
  for (let offset: number | null = 0; offset !== null;) {
    const at: AppleMusicPageRequest = { offset, limit: pageSize };
    const page: AppleMusicPage<LibraryPlaylist> = await context.session.call((client, auth) =>
      client.libraryPlaylists(auth, at),
    );
    const found = page.items.find(({ description }) => description?.includes(marker));
    if (found) return found.id;
    offset = page.nextOffset;
  }
  return null;
}
