import Router from '@koa/router';
import type { Call, CallRouter, CallState, World } from '../conduct/world';
import { readAlbum, readAlbumTracks, readArtist, readTrack, search } from './catalog-reads';
import { SpotifyError } from './errors';
import {
  changeAlbums,
  changeFollowing,
  readContainsById,
  removeTracks,
  requireExtendedQuota,
  saveTracks,
} from './extended';
import { removeFromLibrary, saveToLibrary } from './library-writes';
import { addItems, removeItems, reorderOrReplace } from './playlist-writes';
import { changePlaylist, createPlaylist, readPlaylist, readPlaylistItems } from './playlists';
import { readContains, readFollowing, readLikes, readPlaylists, readProfile, readSavedAlbums } from './reads';

/** The routes of the Spotify Web API that the product uses, in both dialects, below `/spotify/v1`. */
export function spotifyRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  const to = (handle: (world: World, call: Call) => void) => (call: Call) => handle(asSeenBy(world, call), call);
  const extended = (handle: (world: World, call: Call) => void) =>
    to((seen, call) => {
      requireExtendedQuota(seen);
      handle(seen, call);
    });
  router.get('/me', to(readProfile));
  router.get('/me/tracks', to(readLikes));
  router.get('/me/albums', to(readSavedAlbums));
  router.get('/me/following', to(readFollowing));
  router.get('/me/playlists', to(readPlaylists));
  router.post('/me/playlists', to(createPlaylist));
  router.put('/me/library', to(saveToLibrary));
  router.delete('/me/library', to(removeFromLibrary));
  router.get('/me/library', () => {
    throw new SpotifyError(405, 'Method not allowed');
  });
  router.get('/me/library/contains', to(readContains));
  router.get('/playlists/:id', to(readPlaylist));
  router.put('/playlists/:id', to(changePlaylist));
  router.get('/playlists/:id/items', to(readPlaylistItems));
  router.post('/playlists/:id/items', to(addItems));
  router.put('/playlists/:id/items', to(reorderOrReplace));
  router.delete('/playlists/:id/items', to(removeItems));
  router.get('/search', to(search));
  router.get('/artists/:id', to(readArtist));
  router.get('/albums/:id', to(readAlbum));
  router.get('/albums/:id/tracks', to(readAlbumTracks));
  router.get('/tracks/:id', to(readTrack));

  router.get('/me/tracks/contains', extended(readContainsById('track')));
  router.get('/me/following/contains', extended(readContainsById('artist')));
  router.put('/me/tracks', to(saveTracks));
  router.delete('/me/tracks', to(removeTracks));
  router.put('/me/albums', to(changeAlbums));
  router.delete('/me/albums', to(changeAlbums));
  router.put('/me/following', to(changeFollowing));
  router.delete('/me/following', to(changeFollowing));
  router.get(
    '/playlists/:id/tracks',
    extended((seen, call) => readPlaylistItems(seen, call, 100)),
  );
  router.post('/playlists/:id/tracks', extended(addItems));
  router.put('/playlists/:id/tracks', extended(reorderOrReplace));
  router.delete(
    '/playlists/:id/tracks',
    extended((seen, call) => removeItems(seen, call, 'tracks')),
  );
  return router;
}

/** The world as the app of this call has it: which calls there are and what they answer depends on its dialect. */
function asSeenBy(world: World, call: Call): World {
  const { dialect } = call.state;
  return dialect === undefined || dialect === world.dialect ? world : { ...world, dialect };
}
