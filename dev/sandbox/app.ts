import { bodyParser } from '@koa/bodyparser';
import Koa, { type Middleware } from 'koa';
import { adminRouter } from './admin/router';
import { musicKitRouter } from './apple-music/authorize';
import { answerAppleMusicErrors, appleMusicFaultBody } from './apple-music/errors';
import { requireDeveloperToken } from './apple-music/tokens';
import { appleMusicRouter } from './apple-music/web-api';
import { conduct } from './conduct/conductor';
import { mount } from './conduct/mount';
import type { CallRouter, CallState, World } from './conduct/world';
import { frontPage } from './front-page';
import { githubFaultBody } from './github/errors';
import { appleRouter } from './oauth/apple';
import { githubRouter } from './oauth/github';
import { googleRouter } from './oauth/google';
import { spotifyAccountsRouter } from './oauth/spotify-accounts';
import { tokenFaultBody } from './oauth/token-errors';
import { requireAccessToken } from './spotify/authorization';
import { coverRouter } from './spotify/covers';
import { answerSpotifyErrors, errorBody, spotifyFaultBody } from './spotify/errors';
import { spotifyRouter } from './spotify/web-api';

type Step = Middleware<CallState>;

/** Puts the services together, each below its own path. */
export function buildApp(world: World): Koa<CallState> {
  const app = new Koa<CallState>();
  const spotify = spotifyRouter(world);
  const accounts = spotifyAccountsRouter(world);
  const google = googleRouter(world);
  const apple = appleRouter(world);
  const github = githubRouter(world);
  const appleMusic = appleMusicRouter(world);
  const musicKit = musicKitRouter(world);
  app.use(answerUnreadableBodies);
  app.use(bodyParser({ parsedMethods: ['POST', 'PUT', 'DELETE'], jsonLimit: '16mb' }));
  app.use(
    mount('/spotify/v1', [
      conduct(world, 'spotify', spotify, spotifyFaultBody, world.latencyMs),
      answerSpotifyErrors as Step,
      requireAccessToken(world),
      routes(spotify),
    ]),
  );
  app.use(mount('/spotify/images', [routes(coverRouter())]));
  app.use(mount('/spotify', [conduct(world, 'spotify-accounts', accounts, tokenFaultBody), routes(accounts)]));
  app.use(mount('/google', [conduct(world, 'google', google, tokenFaultBody), routes(google)]));
  app.use(mount('/apple', [conduct(world, 'apple', apple, tokenFaultBody), routes(apple)]));
  app.use(mount('/github', [conduct(world, 'github', github, githubFaultBody), routes(github)]));
  app.use(
    mount('/apple-music/v1', [
      conduct(world, 'apple_music', appleMusic, appleMusicFaultBody),
      answerAppleMusicErrors as Step,
      requireDeveloperToken(world),
      routes(appleMusic),
    ]),
  );
  app.use(mount('/apple-music/images', [routes(coverRouter())]));
  app.use(mount('/apple-music', [conduct(world, 'apple_music', musicKit, appleMusicFaultBody), routes(musicKit)]));
  app.use(mount('/admin', [routes(adminRouter(world))]));
  app.use(frontPage);
  return app;
}

function routes(router: CallRouter): Step {
  return router.routes() as Step;
}

const answerUnreadableBodies: Step = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
    if (status !== 400 && status !== 413) throw error;
    ctx.status = status;
    ctx.body = errorBody(status, status === 413 ? 'Request entity too large.' : 'Error parsing JSON.');
  }
};
