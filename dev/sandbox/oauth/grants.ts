import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../conduct/world';
import type { Code, Grant, SignInService, Token } from '../state/model';

const codeLifeMs = 600_000;
export const accessLifeSeconds = 3600;
// How long a token is remembered after its end, so that "expired" can be told from "unknown".
const rememberedMs = 86_400_000;

/** Records that a person agreed, and makes the code for it. */
export function giveCode(
  world: World,
  grant: Pick<Grant, 'service' | 'clientId' | 'userId' | 'scopes'>,
  request: Pick<Code, 'redirectUri' | 'challenge' | 'nonce' | 'offline'>,
): string {
  const id = randomBytes(9).toString('base64url');
  const code = secret(world, grant.service === 'google' ? '4/0A' : 'AQ', 48);
  world.state.grants[id] = { ...grant, id, consentedAt: Date.now(), revoked: false };
  world.state.codes[code] = { ...request, grantId: id, expiresAt: Date.now() + codeLifeMs, used: false };
  forgetOldOnes(world);
  world.changed();
  return code;
}

/**
 * Takes a code in exchange: it must be this client's, unused, in time, for the same redirect address, and its PKCE
 * challenge must fit. A second use ends every token that the first one gave.
 *
 * @returns the grant and the code, or why it was refused
 */
export function redeemCode(
  world: World,
  text: string,
  shown: { service: SignInService; clientId: string; redirectUri: string; verifier: string | null },
): { grant: Grant; code: Code } | { refused: string } {
  const code = world.state.codes[text];
  const grant = code && world.state.grants[code.grantId];
  if (!code || !grant || grant.service !== shown.service) return { refused: 'Invalid authorization code' };
  if (code.used) {
    revokeGrant(world, grant.id);
    return { refused: 'Authorization code was used before' };
  }
  if (grant.clientId !== shown.clientId) return { refused: 'Invalid client' };
  if (code.expiresAt < Date.now()) return { refused: 'Authorization code expired' };
  if (code.redirectUri !== shown.redirectUri) return { refused: 'Invalid redirect URI' };
  const challenge = shown.verifier === null ? null : createHash('sha256').update(shown.verifier).digest('base64url');
  if (code.challenge !== challenge) return { refused: 'code_verifier was incorrect' };
  code.used = true;
  world.changed();
  return { grant, code };
}

/** Issues a token under a grant; an access token lives an hour. */
export function issueToken(
  world: World,
  grant: Grant,
  kind: Token['kind'],
  scopes: string[],
  expiresAt?: number,
): string {
  const prefix = { google: { access: 'ya29.', refresh: '1//0' }, spotify: { access: 'BQ', refresh: 'AQ' } };
  const text = secret(world, prefix[grant.service][kind], 96);
  const end = expiresAt ?? Date.now() + accessLifeSeconds * 1000;
  world.state.tokens[text] = { grantId: grant.id, kind, scopes, expiresAt: end, revoked: false };
  world.changed();
  return text;
}

/** The token with its grant, whatever its state; undefined where it was never issued. */
export function findToken(world: World, text: string): { token: Token; grant: Grant } | undefined {
  const token = world.state.tokens[text];
  const grant = token && world.state.grants[token.grantId];
  return grant ? { token, grant } : undefined;
}

/** Ends a grant and with it every token that came from it. */
export function revokeGrant(world: World, grantId: string): void {
  const grant = world.state.grants[grantId];
  if (grant) grant.revoked = true;
  world.changed();
}

/** The grants that a person gave at a service and that still stand. */
export function grantsOf(world: World, service: SignInService, userId: string): Grant[] {
  const own = (grant: Grant) => grant.service === service && grant.userId === userId && !grant.revoked;
  return Object.values(world.state.grants).filter(own);
}

function secret(world: World, prefix: string, bytes: number): string {
  const text = prefix + randomBytes(bytes).toString('base64url');
  world.secrets.add(text);
  return text;
}

function forgetOldOnes(world: World): void {
  const old = Date.now() - rememberedMs;
  for (const [text, code] of Object.entries(world.state.codes))
    if (code.expiresAt < old) delete world.state.codes[text];
  for (const [text, token] of Object.entries(world.state.tokens)) {
    if (token.expiresAt < old) delete world.state.tokens[text];
  }
}
