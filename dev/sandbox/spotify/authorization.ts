import type { Middleware } from 'koa';
import type { Call, CallState, World } from '../conduct/world';
import { findToken } from '../oauth/grants';
import { dialectOf, requireApp } from './apps';
import { SpotifyError } from './errors';

/** Lets a call through that carries a living access token, and notes whose it is. */
export function requireAccessToken(world: World): Middleware<CallState> {
  return async (ctx, next) => {
    const text = /^Bearer\s+(\S+)$/i.exec(ctx.get('authorization'))?.[1];
    if (!text) throw unauthorized('No token provided');
    world.secrets.add(text);
    const found = findToken(world, text);
    const issued = found && found.token.kind === 'access' && found.grant.service === 'spotify';
    if (!issued || found.token.revoked || found.grant.revoked) throw unauthorized('Invalid access token');
    if (found.token.expiresAt <= Date.now()) throw unauthorized('The access token expired');
    requireApp(world, found.grant);
    ctx.state.caller = { userId: found.grant.userId, scopes: found.token.scopes };
    ctx.state.dialect = dialectOf(world, found.grant.clientId);
    await next();
  };
}

/** The person who calls. */
export function callerOf(call: Call): { userId: string; scopes: string[] } {
  if (!call.state.caller) throw unauthorized('No token provided');
  return call.state.caller;
}

/** Refuses a call whose token lacks one of the scopes; Spotify says so only at use. */
export function requireScopes(call: Call, ...scopes: string[]): void {
  const { scopes: granted } = callerOf(call);
  if (!scopes.every((scope) => granted.includes(scope))) throw new SpotifyError(403, 'Insufficient client scope');
}

function unauthorized(message: string): SpotifyError {
  return new SpotifyError(401, message, {
    'WWW-Authenticate': `Bearer realm="spotify", error="invalid_token", error_description="${message}"`,
  });
}
