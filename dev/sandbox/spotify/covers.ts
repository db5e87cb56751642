import Router from '@koa/router';
import { stableNumber } from '../catalog/ids';
import type { CallRouter, CallState } from '../conduct/world';

/** Pictures for artists, albums and shows: a plain square whose colour belongs to the id. Below `/spotify/images` and `/apple-music/images`. */
export function coverRouter(): CallRouter {
  const router = new Router<CallState>();
  router.get('/:file', (call) => {
    const hue = stableNumber(call.params['file'] ?? '', 360);
    call.type = 'image/svg+xml';
    call.set('Cache-Control', 'public, max-age=86400');
    call.body = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300" height="300" fill="hsl(${hue} 45% 55%)"/><circle cx="150" cy="150" r="70" fill="hsl(${hue} 45% 35%)"/></svg>`;
  });
  return router;
}
