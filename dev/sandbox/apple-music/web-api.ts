import Router from '@koa/router';
import type { CallRouter, CallState, World } from '../conduct/world';
import { serveCatalog } from './catalog-reads';
import { serveLibrary } from './library-reads';
import { servePlaylistWrites } from './playlist-writes';
import { serveRatings } from './ratings';

/** The routes of the Apple Music API that the product uses, below `/apple-music/v1`. */
export function appleMusicRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  serveLibrary(world, router);
  serveRatings(world, router);
  servePlaylistWrites(world, router);
  serveCatalog(world, router);
  return router;
}
