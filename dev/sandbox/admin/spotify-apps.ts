import { z } from 'zod';
import type { Call, CallRouter, World } from '../conduct/world';
import { isKnownClient } from '../oauth/clients';
import { findPerson } from '../people/people';
import { appOf } from '../spotify/apps';
import { AdminError } from './admin-error';
import { readBody } from './requests';

/** Development mode lets an app have this many people. */
const mostUsers = 5;
const appSchema = z
  .object({
    owner: z.string().min(1),
    dialect: z.enum(['development', 'extended']).nullable(),
    ownerHasPremium: z.boolean(),
    registeredUsers: z.array(z.string()).max(mostUsers).nullable(),
    rotateRefreshTokens: z.boolean().nullable(),
    oldTokenUses: z.number().int().nonnegative(),
  })
  .partial()
  .strict();
const quotaSchema = z.object({ calls: z.number().int().positive(), windowSeconds: z.number().positive().default(30) });

/** Spotify's dashboard: how apps are set up, and how much their developers' accounts may ask. */
export function serveSpotifyApps(world: World, router: CallRouter): void {
  router.get('/spotify/apps/:clientId', (call) => {
    call.body = { clientId: clientOf(call), ...appOf(world, clientOf(call)) };
  });
  router.put('/spotify/apps/:clientId', (call) => {
    const clientId = clientOf(call);
    const changes = readBody(appSchema, call);
    const stranger = changes.registeredUsers?.find((id) => findPerson(id)?.id !== id);
    if (stranger !== undefined) throw new AdminError(400, `There is no such user: ${stranger}.`);
    world.state.spotifyApps[clientId] = { ...appOf(world, clientId), ...changes };
    world.changed();
    call.body = { clientId, ...appOf(world, clientId) };
  });
  router.get('/spotify/developers', (call) => {
    const counts = world.spotifyCalls.list();
    call.body = {
      items: counts.map((count) => ({ ...count, quota: world.state.spotifyQuotas[count.account] ?? null })),
    };
  });
  router.put('/spotify/developers/:account/quota', (call) => {
    world.state.spotifyQuotas[accountOf(call)] = readBody(quotaSchema, call);
    restart(world, call);
  });
  router.delete('/spotify/developers/:account/quota', (call) => {
    delete world.state.spotifyQuotas[accountOf(call)];
    restart(world, call);
  });
}

function restart(world: World, call: Call): void {
  world.spotifyCalls.forget(accountOf(call));
  world.changed();
  call.status = 204;
}

function accountOf(call: Call): string {
  return call.params['account'] ?? '';
}

function clientOf(call: Call): string {
  const clientId = call.params['clientId'] ?? '';
  if (!isKnownClient('spotify', clientId)) throw new AdminError(404, 'There is no such app.');
  return clientId;
}
