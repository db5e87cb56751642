import Router from '@koa/router';
import type { Next } from 'koa';
import { z } from 'zod';
import { appleCatalogOf } from '../apple-music/catalog';
import { Availability } from '../catalog/availability';
import { searchTracks } from '../catalog/search';
import type { CatalogTrack } from '../catalog/catalog';
import { faultSchema } from '../conduct/faults';
import { queryText, type Call, type CallRouter, type CallState, type World } from '../conduct/world';
import { people } from '../people/people';
import { AdminError } from './admin-error';
import {
  appleLibrarySchema,
  deleteApplePlaylist,
  replaceAppleLibrary,
  setSubscription,
  showAppleLibrary,
} from './apple-music';
import { serveConsents } from './consents';
import { librarySchema, replaceLibrary, showLibrary } from './library';
import { editPlaylist, playlistEditSchema } from './playlist-edits';
import { readBody, userOf } from './requests';
import { serveSpotifyApps } from './spotify-apps';

/** The routes with which tests and demos look behind the services and make things go wrong, below `/admin`. */
export function adminRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  router.use(answerAdminErrors);
  router.get('/users', (call) => {
    call.body = { items: people };
  });
  router.get('/users/:id/spotify/library', (call) => {
    call.body = showLibrary(world, userOf(call));
  });
  router.put('/users/:id/spotify/library', (call) => {
    replaceLibrary(world, userOf(call), readBody(librarySchema, call));
    call.status = 204;
  });
  router.get('/users/:id/apple-music/library', (call) => {
    call.body = showAppleLibrary(world, userOf(call));
  });
  router.put('/users/:id/apple-music/library', (call) => {
    replaceAppleLibrary(world, userOf(call), readBody(appleLibrarySchema, call));
    call.status = 204;
  });
  router.delete('/users/:id/apple-music/playlists/:playlistId', (call) => {
    deleteApplePlaylist(world, userOf(call), call.params['playlistId'] ?? '');
    call.status = 204;
  });
  router.post('/users/:id/apple-music/subscription', (call) => {
    setSubscription(world, userOf(call), readBody(z.object({ active: z.boolean() }), call).active);
    call.status = 204;
  });
  serveConsents(world, router);
  serveSpotifyApps(world, router);
  router.post('/users/:id/spotify/playlists/:playlistId/edit', (call) => {
    const edit = readBody(playlistEditSchema, call);
    call.body = { snapshotId: editPlaylist(world, userOf(call), call.params['playlistId'] ?? '', edit) };
  });
  router.get('/calls', (call) => {
    call.body = { items: world.calls.list() };
  });
  router.delete('/calls', (call) => {
    world.calls.clear();
    call.status = 204;
  });
  router.get('/faults', (call) => {
    call.body = { items: world.faults.list() };
  });
  router.post('/faults', (call) => {
    world.faults.add(readBody(faultSchema, call));
    call.status = 204;
  });
  router.delete('/faults', (call) => {
    world.faults.clear();
    call.status = 204;
  });
  router.get('/catalog/tracks', (call) => listTracks(world, call));
  const availability = new Availability(world.catalog);
  router.put('/catalog/tracks/:id', (call) => {
    const { available } = readBody(z.object({ available: z.boolean() }), call);
    if (!availability.set(call.params['id'] ?? '', available)) throw new AdminError(404, 'There is no such track.');
    call.status = 204;
  });
  router.get('/secrets', (call) => {
    call.body = { items: world.secrets.list() };
  });
  return router;
}

async function answerAdminErrors(call: Call, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    call.status = error.status;
    call.body = { error: error.message };
  }
}

// Without a query a quarter of the answer may be tracks of several artists, so that a short list has some of them.
function listTracks(world: World, call: Call): void {
  const limit = Math.min(Number(queryText(call, 'limit')) || 100, 5000);
  const query = queryText(call, 'query')?.trim();
  const { appleIds } = appleCatalogOf(world.catalog);
  const tracks = query ? searchTracks(world.catalog, query) : mixed([...world.catalog.tracks.values()], limit);
  call.body = {
    items: tracks.slice(0, limit).map((track) => ({
      id: track.id,
      name: track.name,
      artists: track.artists.map(({ id, name }) => ({ id, name })),
      albumId: track.albumId,
      appleMusicId: appleIds.get(track.id),
    })),
  };
}

function mixed(tracks: CatalogTrack[], limit: number): CatalogTrack[] {
  const several = tracks.filter((track) => track.artists.length > 1).slice(0, Math.ceil(limit / 4));
  const others = tracks.filter((track) => track.artists.length === 1).slice(0, limit - several.length);
  const chosen = new Set([...several, ...others]);
  return tracks.filter((track) => chosen.has(track));
}
