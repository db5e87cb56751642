import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { Middleware } from 'koa';
import { sandboxAppleMusicKey } from '../../../adapters/environment/sandbox-apple-music-key';
import type { Call, CallState, World } from '../conduct/world';
import { findToken } from '../oauth/grants';
import type { AppleAccount } from '../state/apple-music';
import { AppleMusicError, invalidAuthentication } from './errors';

/** Apple Music takes a developer token that ends at most six months ahead. */
const longestLifeSeconds = 15_777_000;

/** What is wrong with a developer token, a JWT that the team signed with its MusicKit key (ES256); null for nothing. */
export async function faultOfDeveloperToken(token: string): Promise<string | null> {
  const { teamId, keyId, privateKey } = sandboxAppleMusicKey();
  try {
    if (decodeProtectedHeader(token).kid !== keyId) return 'The key id is not one of the team.';
    const { payload } = await jwtVerify(token, createPublicKey(privateKey), {
      algorithms: ['ES256'],
      issuer: teamId,
      requiredClaims: ['iat', 'exp'],
    });
    const ahead = (payload.exp ?? 0) - Date.now() / 1000;
    return ahead > longestLifeSeconds ? 'The developer token ends too far ahead.' : null;
  } catch (error) {
    return error instanceof Error ? error.message : 'The developer token is not a JWT.';
  }
}

/** Lets a call through that carries a developer token which fits. */
export function requireDeveloperToken(world: World): Middleware<CallState> {
  return async (ctx, next) => {
    const token = /^Bearer\s+(\S+)$/i.exec(ctx.get('authorization'))?.[1] ?? '';
    world.secrets.add(token);
    const fault = await faultOfDeveloperToken(token);
    if (fault !== null) throw new AppleMusicError(401, '40100', 'Unauthorized', fault);
    await next();
  };
}

/** Whose account a call is about. */
export interface Caller {
  userId: string;
  /** As it is; reads of a library that lag take `visibleAccount`. */
  account: AppleAccount;
}

/**
 * The person whose `Music-User-Token` the call carries.
 *
 * @throws AppleMusicError 403: 40300 where the token is missing, ended or withdrawn, 40303 where the person has no
 *   subscription (a code of the sandbox's own choice: Apple documents none)
 */
export function callerOf(world: World, call: Call): Caller {
  const text = call.get('music-user-token');
  world.secrets.add(text);
  const found = findToken(world, text);
  const account = found && world.appleMusic.current[found.grant.userId];
  const alive = found?.grant.service === 'apple-music' && !found.token.revoked && !found.grant.revoked;
  if (!account || !alive || found.token.expiresAt <= Date.now()) throw invalidAuthentication();
  if (!account.subscribed) {
    throw new AppleMusicError(403, '40303', 'Forbidden', 'The user has no active Apple Music subscription');
  }
  return { userId: found.grant.userId, account };
}

/** What a read shows of the caller's account: it may lag behind writes. */
export function visibleAccount(world: World, call: Call): AppleAccount {
  const { userId, account } = callerOf(world, call);
  return world.appleMusic.visible()[userId] ?? account;
}

/** Puts a new state of the caller's account in the place of the old one; lists show it when the ordered lag is over. */
export function writeAccount(world: World, call: Call, userId: string, next: AppleAccount): void {
  const lag = world.faults.takeReadLag('apple_music', call.method, call.state.route);
  world.appleMusic.write({ ...world.appleMusic.current, [userId]: next }, lag);
}
