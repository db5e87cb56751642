import type { z } from 'zod';
import { ProviderError } from '../../../domain/errors';
import { artistSearchAnswer, catalogArtistAnswer, catalogItemsAnswer } from './catalog-answers';
import { createAppleMusicHttp, type AppleMusicHttpDeps } from './http';
import {
  createdPlaylistAnswer,
  libraryAlbum,
  libraryArtist,
  libraryPlaylist,
  librarySong,
  pageAnswer,
  ratingsAnswer,
  storefrontAnswer,
} from './library-answers';
import type { AppleMusicAuth, AppleMusicClient, AppleMusicPage, AppleMusicPageRequest, TrackRef } from './types';

/** What one call may name: songs 300 and albums 100 as documented; ratings and tracks have no documented end. */
export const CATALOG_SONGS = 300;
export const CATALOG_ALBUMS = 100;
export const RATINGS = 100;
export const PLAYLIST_TRACKS = 100;

/** Apple Music's API over HTTP. One client a process: it owns its connections. */
export function createAppleMusicClient(deps: AppleMusicHttpDeps): AppleMusicClient {
  const call = createAppleMusicHttp(deps);

  const page = <T>(
    auth: AppleMusicAuth,
    { endpoint, path, item }: { endpoint: string; path: string; item: z.ZodType<T> },
    { offset, limit }: AppleMusicPageRequest,
  ): Promise<AppleMusicPage<T>> =>
    call(auth, { endpoint, path, query: { offset, limit, include: 'catalog' }, answer: pageAnswer(item, offset) });

  const catalog = (auth: AppleMusicAuth, kind: 'songs' | 'albums', storefront: string, ids: readonly string[]) =>
    orWhereMissing([], () =>
      call(auth, {
        endpoint: `catalog_${kind}`,
        path: `${catalogPath(storefront)}/${kind}`,
        query: { ids: ids.join(','), include: 'artists' },
        impersonal: true,
        answer: catalogItemsAnswer,
      }),
    );

  return {
    storefront: (auth) => call(auth, { endpoint: 'storefront', path: '/me/storefront', answer: storefrontAnswer }),
    librarySongs: (auth, at) =>
      page(auth, { endpoint: 'library_songs', path: '/me/library/songs', item: librarySong }, at),
    libraryAlbums: (auth, at) =>
      page(auth, { endpoint: 'library_albums', path: '/me/library/albums', item: libraryAlbum }, at),
    libraryArtists: (auth, at) =>
      page(auth, { endpoint: 'library_artists', path: '/me/library/artists', item: libraryArtist }, at),
    libraryPlaylists: (auth, at) =>
      page(auth, { endpoint: 'library_playlists', path: '/me/library/playlists', item: libraryPlaylist }, at),
    playlistTracks: async (auth, playlistId, at) => {
      try {
        const path = `${playlistPath(playlistId)}/tracks`;
        return await page(auth, { endpoint: 'playlist_tracks', path, item: librarySong }, at);
      } catch (error) {
        // So Apple says that a playlist is empty.
        if (isFailure(error, 'nothing_related')) return { items: [], total: 0, nextOffset: null };
        throw error;
      }
    },
    catalogSongs: async (auth, storefront, ids) => {
      if (ids.length === 0) return [];
      refuseBatch(ids, CATALOG_SONGS);
      return catalog(auth, 'songs', storefront, ids);
    },
    catalogAlbums: async (auth, storefront, ids) => {
      if (ids.length === 0) return [];
      refuseBatch(ids, CATALOG_ALBUMS);
      return catalog(auth, 'albums', storefront, ids);
    },
    searchArtists: (auth, storefront, term, limit) =>
      call(auth, {
        endpoint: 'catalog_search',
        path: `${catalogPath(storefront)}/search`,
        query: { term, types: 'artists', limit },
        impersonal: true,
        answer: artistSearchAnswer,
      }),
    catalogArtist: (auth, storefront, id) =>
      call(auth, {
        endpoint: 'catalog_artist',
        path: `${catalogPath(storefront)}/artists/${encodeURIComponent(id)}`,
        impersonal: true,
        answer: catalogArtistAnswer,
      }),
    ratings: async (auth, type, ids) => {
      if (ids.length === 0) return new Map();
      refuseBatch(ids, RATINGS);
      const query = { ids: ids.join(',') };
      return orWhereMissing(new Map(), () =>
        call(auth, { endpoint: 'ratings', path: `/me/ratings/${type}`, query, answer: ratingsAnswer }),
      );
    },
    rate: (auth, type, id, value) =>
      call(auth, {
        endpoint: 'rate',
        method: 'PUT',
        path: ratingPath(type, id),
        body: { type: 'rating', attributes: { value } },
        answer: null,
      }),
    unrate: (auth, type, id) =>
      orWhereMissing(undefined, () =>
        call(auth, { endpoint: 'unrate', method: 'DELETE', path: ratingPath(type, id), answer: null }),
      ),
    createPlaylist: async (auth, { name, description, tracks }) => {
      if (tracks.length > 0) refuseBatch(tracks, PLAYLIST_TRACKS);
      return call(auth, {
        endpoint: 'playlist_create',
        method: 'POST',
        path: '/me/library/playlists',
        body: {
          attributes: { name, description },
          ...(tracks.length > 0 ? { relationships: { tracks: { data: trackRefs(tracks) } } } : {}),
        },
        answer: createdPlaylistAnswer,
      });
    },
    appendTracks: async (auth, playlistId, tracks) => {
      refuseBatch(tracks, PLAYLIST_TRACKS);
      await call(auth, {
        endpoint: 'playlist_append',
        method: 'POST',
        path: `${playlistPath(playlistId)}/tracks`,
        body: { data: trackRefs(tracks) },
        answer: null,
      });
    },
  };
}

const catalogPath = (storefront: string) => `/catalog/${encodeURIComponent(storefront)}`;
const playlistPath = (id: string) => `/me/library/playlists/${encodeURIComponent(id)}`;
const ratingPath = (type: string, id: string) => `/me/ratings/${type}/${encodeURIComponent(id)}`;
const trackRefs = (tracks: readonly TrackRef[]) => tracks.map(({ id, type }) => ({ id, type }));

const isFailure = (error: unknown, code: string): boolean =>
  error instanceof ProviderError && error.details.code === code;

/** Where none of the things asked about is there, Apple answers 404 instead of an empty list. */
async function orWhereMissing<T>(nothing: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderError && error.failure === 'not_found') return nothing;
    throw error;
  }
}

/** Apple would refuse it too, but only after a call. */
function refuseBatch(items: readonly unknown[], most: number): void {
  if (items.length === 0 || items.length > most) throw new ProviderError('invalid', { code: 'batch_size' });
}
