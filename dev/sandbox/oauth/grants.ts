import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../conduct/world';
import type { Code, Grant, SignInService, Token, TokenService } from '../state/model';
import { serviceFormats, tokenFormats } from './service-formats';

export const accessLifeSeconds = 3600;
/** The end of a token that has none; the last moment a Date can tell. */
export const neverEnds = 8.64e15;
// How long a token is remembered after its end, so that "expired" can be told from "unknown".
const rememberedMs = 86_400_000;

type Agreed = Pick<Grant, 'clientId' | 'userId' | 'scopes'>;

/** Records that a person agreed. */
export function recordGrant(world: World, agreed: Agreed & { service: TokenService }): Grant {
  const id = randomBytes(9).toString('base64url');
  const grant: Grant = { ...agreed, id, consentedAt: Date.now(), revoked: false };
  world.state.grants[id] = grant;
  forgetOldOnes(world);
  world.changed();
  return grant;
}

/** Records that a person agreed, and makes the code for it. */
export function giveCode(
  world: World,
  agreed: Agreed & { service: SignInService },
  request: Pick<Code, 'redirectUri' | 'challenge' | 'nonce' | 'offline'>,
): { code: string; grantId: string } {
  const format = serviceFormats[agreed.service];
  const code = format.code();
  world.secrets.add(code);
  const { id } = recordGrant(world, agreed);
  world.state.codes[code] = { ...request, grantId: id, expiresAt: Date.now() + format.codeLifeMs, used: false };
  world.changed();
  return { code, grantId: id };
}

/**
 * Takes a code in exchange: it must be this client's, unused, in time, for the same redirect address, and its PKCE
 * challenge must fit. At some services a second use ends every token that the first one gave.
 *
 * @param shown what the client shows; GitHub takes a code without the redirect address, which is null then
 * @returns the grant and the code, or why it was refused
 */
export function redeemCode(
  world: World,
  text: string,
  shown: { service: SignInService; clientId: string; redirectUri: string | null; verifier: string | null },
): { grant: Grant; code: Code } | { refused: string; about: 'code' | 'client' | 'redirect_uri' | 'verifier' } {
  const code = world.state.codes[text];
  const grant = code && world.state.grants[code.grantId];
  if (!code || !grant || grant.service !== shown.service) {
    return { refused: 'Invalid authorization code', about: 'code' };
  }
  if (code.used) {
    if (serviceFormats[shown.service].replayEndsGrant) revokeGrant(world, grant.id);
    return { refused: 'Authorization code was used before', about: 'code' };
  }
  if (grant.clientId !== shown.clientId) return { refused: 'Invalid client', about: 'client' };
  if (code.expiresAt < Date.now()) return { refused: 'Authorization code expired', about: 'code' };
  if (shown.redirectUri !== null && code.redirectUri !== shown.redirectUri) {
    return { refused: 'Invalid redirect URI', about: 'redirect_uri' };
  }
  const challenge = shown.verifier === null ? null : createHash('sha256').update(shown.verifier).digest('base64url');
  if (code.challenge !== challenge) return { refused: 'code_verifier was incorrect', about: 'verifier' };
  code.used = true;
  world.changed();
  return { grant, code };
}

/** Issues a token under a grant; it lives an hour where its end is not given. */
export function issueToken(
  world: World,
  grant: Grant,
  kind: Token['kind'],
  scopes: string[],
  expiresAt?: number,
): string {
  const text = tokenFormats[grant.service][kind](grant.clientId);
  world.secrets.add(text);
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

/** Ends everything that a person gave one client at a service. */
export function revokeAuthorization(world: World, { service, clientId, userId }: Grant): void {
  for (const grant of grantsOf(world, service, userId)) {
    if (grant.clientId === clientId) revokeGrant(world, grant.id);
  }
}

/** The grants that a person gave at a service and that still stand. */
export function grantsOf(world: World, service: TokenService, userId: string): Grant[] {
  const own = (grant: Grant) => grant.service === service && grant.userId === userId && !grant.revoked;
  return Object.values(world.state.grants).filter(own);
}

/** Lets time pass for a grant: it was given, and its tokens end, that much earlier. */
export function ageGrant(world: World, grant: Grant, ms: number): void {
  grant.consentedAt -= ms;
  for (const token of tokensOf(world, grant)) if (token.expiresAt < neverEnds) token.expiresAt -= ms;
  world.changed();
}

/** Takes scopes from a grant and from every token under it. */
export function keepScopes(world: World, grant: Grant, kept: string[]): void {
  for (const holder of [grant, ...tokensOf(world, grant)]) {
    holder.scopes = holder.scopes.filter((scope) => kept.includes(scope));
  }
  world.changed();
}

/** Every token that came from a grant. */
export function tokensOf(world: World, grant: Grant): Token[] {
  return Object.values(world.state.tokens).filter(({ grantId }) => grantId === grant.id);
}

function forgetOldOnes(world: World): void {
  const old = Date.now() - rememberedMs;
  for (const [text, code] of Object.entries(world.state.codes))
    if (code.expiresAt < old) delete world.state.codes[text];
  for (const [text, token] of Object.entries(world.state.tokens)) {
    if (token.expiresAt < old) delete world.state.tokens[text];
  }
}
