import type { Dialect, World } from '../conduct/world';
import type { Grant, SpotifyApp } from '../state/model';
import { SpotifyError } from './errors';

/**
 * An app by its client id. One that nobody set up belongs to a developer account of its own and serves everybody:
 * `sandbox-spotify` to `developer-1`, `sandbox-spotify-2` to `developer-2`, somebody's own app to `owner-of-` its id.
 */
export function appOf(world: World, clientId: string): SpotifyApp {
  const number = /^sandbox-spotify(?:-(\d+))?$/.exec(clientId);
  const standard: SpotifyApp = {
    dialect: null,
    owner: number ? `developer-${number[1] ?? 1}` : `owner-of-${clientId}`,
    ownerHasPremium: true,
    registeredUsers: null,
    rotateRefreshTokens: null,
    oldTokenUses: 0,
  };
  return world.state.spotifyApps[clientId] ?? standard;
}

/** Which of Spotify's two sets of calls an app has. */
export function dialectOf(world: World, clientId: string): Dialect {
  return appOf(world, clientId).dialect ?? world.dialect;
}

/**
 * Refuses a call that the app may not make, whoever's token it has: beyond its developer account's quota, and in
 * development mode without a paying owner or for somebody who is not registered.
 */
export function requireApp(world: World, { clientId, userId }: Grant): void {
  const { owner, ownerHasPremium, registeredUsers } = appOf(world, clientId);
  const seconds = world.spotifyCalls.take(owner, world.state.spotifyQuotas[owner]);
  if (seconds !== null) {
    const headers = { 'Retry-After': String(seconds) };
    throw new SpotifyError(429, 'Too many requests', headers, { reason: 'QUOTA_EXCEEDED' });
  }
  if (dialectOf(world, clientId) !== 'development') return;
  if (!ownerHasPremium) throw new SpotifyError(403, 'Active premium subscription required for the owner of the app.');
  if (registeredUsers?.includes(userId) === false) {
    // Not JSON, though everything else is.
    throw new SpotifyError(403, 'User not registered in the Developer Dashboard', {}, { plain: true });
  }
}
