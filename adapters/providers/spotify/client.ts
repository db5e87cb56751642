import { ProviderError } from '../../../domain/errors';
import { albumAnswer, artistAnswer, artistSearchAnswer, trackAnswer } from './catalog-answers';
import {
  containsAnswer,
  createdPlaylistAnswer,
  followedArtistsAnswer,
  likedTracksAnswer,
  playlistItemsAnswer,
  playlistsAnswer,
  playlistStateAnswer,
  profileAnswer,
  savedAlbumsAnswer,
  snapshotAnswer,
} from './library-answers';
import { LIBRARY_BATCH, PLAYLIST_BATCH } from '../../../domain/batches';
import { forgetfulAppBook, type SpotifyAppBook } from './app-book';
import { createSpotifyHttp, type SpotifyHttpDeps } from './http';
import { createLibraryWrites } from './library-writes';
import type { SpotifyClient } from './types';

/** A paging object counts only as one with all of its members; the smallest member of each place keeps the answer short. */
const COUNT_OF_PLACES = '(href,limit,next,offset,previous,total,items(is_local))';
const STATE_FIELDS = `snapshot_id,name,items${COUNT_OF_PLACES},tracks${COUNT_OF_PLACES}`;

/**
 * Spotify's Web API over HTTP. One client a process: it owns its connections. Calls that Spotify removed for apps in
 * development mode (February 2026) are used only through apps that have them.
 * @param deps.apps without it every app counts as one in development mode
 */
export function createSpotifyClient(deps: SpotifyHttpDeps & { apps?: SpotifyAppBook }): SpotifyClient {
  const call = createSpotifyHttp(deps);
  const apps = deps.apps ?? forgetfulAppBook;
  const writes = createLibraryWrites(call, apps);
  return {
    profile: (auth) => call(auth, { endpoint: 'profile', path: '/me', answer: profileAnswer }),
    likedTracks: (auth, { offset, limit }) =>
      call(auth, {
        endpoint: 'liked_tracks',
        path: '/me/tracks',
        query: { offset, limit },
        answer: likedTracksAnswer,
      }),
    savedAlbums: (auth, { offset, limit }) =>
      call(auth, {
        endpoint: 'saved_albums',
        path: '/me/albums',
        query: { offset, limit },
        answer: savedAlbumsAnswer,
      }),
    followedArtists: (auth, { after, limit }) =>
      call(auth, {
        endpoint: 'followed_artists',
        path: '/me/following',
        query: { type: 'artist', limit, ...(after === null ? {} : { after }) },
        answer: followedArtistsAnswer,
      }),
    playlists: (auth, { offset, limit }) =>
      call(auth, { endpoint: 'playlists', path: '/me/playlists', query: { offset, limit }, answer: playlistsAnswer }),
    playlistState: async (auth, playlistId) => {
      const { snapshotId, length, name } = await call(auth, {
        endpoint: 'playlist_state',
        path: `/playlists/${encodeURIComponent(playlistId)}`,
        query: { fields: STATE_FIELDS },
        answer: playlistStateAnswer,
      });
      if (length === null) throw new ProviderError('forbidden', { code: 'playlist_not_visible' });
      return { snapshotId, length, name };
    },
    playlistItems: (auth, playlistId, { offset, limit }) =>
      call(auth, {
        endpoint: 'playlist_items',
        path: itemsPath(playlistId),
        query: { offset, limit, additional_types: 'track,episode' },
        answer: playlistItemsAnswer,
      }),
    libraryContains: async (auth, uris) => {
      if (uris.length === 0) return [];
      const query = libraryQuery(uris);
      const answer = containsAnswer(uris.length);
      return call(auth, { endpoint: 'library_contains', path: '/me/library/contains', query, answer });
    },
    restoreLikes: async (auth, likes) => {
      refuseBatch(likes, LIBRARY_BATCH);
      return writes.restoreLikes(auth, likes);
    },
    datesLikes: async ({ clientId }) => (await apps.read(clientId)).dialect === 'extended',
    followArtists: async (auth, uris) => {
      refuseBatch(uris, LIBRARY_BATCH);
      await writes.followArtists(auth, uris);
    },
    unfollowArtists: async (auth, uris) => {
      refuseBatch(uris, LIBRARY_BATCH);
      await writes.unfollowArtists(auth, uris);
    },
    saveToLibrary: async (auth, uris) => {
      if (uris.length === 0) return;
      const query = libraryQuery(uris);
      await call(auth, { endpoint: 'library_save', method: 'PUT', path: '/me/library', query, answer: null });
    },
    removeFromLibrary: async (auth, uris) => {
      if (uris.length === 0) return;
      const query = libraryQuery(uris);
      await call(auth, { endpoint: 'library_remove', method: 'DELETE', path: '/me/library', query, answer: null });
    },
    createPrivatePlaylist: (auth, playlist) =>
      call(auth, {
        endpoint: 'playlist_create',
        method: 'POST',
        path: '/me/playlists',
        body: { ...playlist, public: false },
        answer: createdPlaylistAnswer,
      }),
    removePlaylistItems: async (auth, playlistId, uris, snapshotId) => {
      refuseBatch(uris, PLAYLIST_BATCH);
      return call(auth, {
        endpoint: 'playlist_remove',
        method: 'DELETE',
        path: itemsPath(playlistId),
        body: { items: uris.map((uri) => ({ uri })), ...(snapshotId === null ? {} : { snapshot_id: snapshotId }) },
        answer: snapshotAnswer,
      });
    },
    insertPlaylistItems: async (auth, playlistId, uris, position) => {
      refuseBatch(uris, PLAYLIST_BATCH);
      return call(auth, {
        endpoint: 'playlist_insert',
        method: 'POST',
        path: itemsPath(playlistId),
        body: { uris: [...uris], position },
        answer: snapshotAnswer,
      });
    },
    searchArtists: (auth, query, limit) =>
      call(auth, {
        endpoint: 'search_artists',
        path: '/search',
        query: { q: query, type: 'artist', limit },
        answer: artistSearchAnswer,
      }),
    artist: (auth, id) =>
      call(auth, { endpoint: 'artist', path: `/artists/${encodeURIComponent(id)}`, answer: artistAnswer }),
    album: (auth, id) =>
      call(auth, { endpoint: 'album', path: `/albums/${encodeURIComponent(id)}`, answer: albumAnswer }),
    track: (auth, id) =>
      call(auth, { endpoint: 'track', path: `/tracks/${encodeURIComponent(id)}`, answer: trackAnswer }),
  };
}

const itemsPath = (playlistId: string) => `/playlists/${encodeURIComponent(playlistId)}/items`;

function libraryQuery(uris: readonly string[]): { uris: string } {
  refuseBatch(uris, LIBRARY_BATCH);
  return { uris: uris.join(',') };
}

/** Spotify would refuse it too, but only after a call. */
function refuseBatch(items: readonly unknown[], most: number): void {
  if (items.length === 0 || items.length > most) throw new ProviderError('invalid', { code: 'batch_size' });
}
