import Router from '@koa/router';
import { bodyOf, type Call, type CallRouter, type CallState, type World } from '../conduct/world';
import { appOf } from '../spotify/apps';
import type { Grant } from '../state/model';
import { showConsent, spacedScopes, takeDecision, type AuthorizeSettings } from './authorize';
import { isKnownClient, isSecretOf, readClientCredentials, type ClientCredentials } from './clients';
import { grantedScopes } from './granted-scopes';
import { accessLifeSeconds, findToken, issueToken, redeemCode } from './grants';
import { answerTokenErrors, requiredField, TokenError } from './token-errors';

/** Spotify's accounts service below `/spotify`: the consent page and the token endpoint. It has no revocation. */
export function spotifyAccountsRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  const settings: AuthorizeSettings = {
    service: 'spotify',
    title: 'Spotify',
    action: `${world.url}/spotify/authorize`,
    responseTypes: ['code'],
    pkce: true,
    scopes: spacedScopes,
    approved: () => ({}),
    denied: { error: 'access_denied' },
    givesRefreshToken: () => true,
  };
  router.use(answerTokenErrors);
  router.get('/authorize', (call) => showConsent(settings, call));
  router.post('/authorize', (call) => takeDecision(world, settings, call));
  router.post('/api/token', (call) => answerToken(world, call));
  return router;
}

function answerToken(world: World, call: Call): void {
  const form = bodyOf(call);
  const client = readClientCredentials(call);
  world.secrets.add(client?.secret);
  if (!client || !isKnownClient('spotify', client.clientId))
    throw new TokenError(400, 'invalid_client', 'Invalid client');
  if (client.secret !== null && !isSecretOf(client.clientId, client.secret)) {
    throw new TokenError(400, 'invalid_client', 'Invalid client secret');
  }
  call.set('Cache-Control', 'no-store');
  if (form['grant_type'] === 'authorization_code') call.body = exchange(world, call, form, client);
  else if (form['grant_type'] === 'refresh_token') call.body = refresh(world, call, form, client);
  else throw new TokenError(400, 'unsupported_grant_type', 'grant_type parameter is missing or unknown');
}

function exchange(world: World, call: Call, form: Record<string, unknown>, client: ClientCredentials): object {
  const verifier = typeof form['code_verifier'] === 'string' ? form['code_verifier'] : null;
  const code = requiredField(form, 'code');
  world.secrets.add(code, verifier);
  if (client.secret === null && verifier === null) {
    throw new TokenError(400, 'invalid_request', 'code_verifier must be supplied');
  }
  const redirectUri = requiredField(form, 'redirect_uri');
  const redeemed = redeemCode(world, code, { service: 'spotify', clientId: client.clientId, redirectUri, verifier });
  if ('refused' in redeemed) throw new TokenError(400, 'invalid_grant', redeemed.refused);
  const { grant } = redeemed;
  grant.scopes = grantedScopes(call, grant.scopes);
  const refreshToken = issueToken(world, grant, 'refresh', grant.scopes, endOfConsent(grant));
  return { ...accessFor(world, grant), refresh_token: refreshToken };
}

function refresh(world: World, call: Call, form: Record<string, unknown>, client: ClientCredentials): object {
  const text = requiredField(form, 'refresh_token');
  world.secrets.add(text);
  const found = findToken(world, text);
  if (!found || found.token.kind !== 'refresh' || found.grant.service !== 'spotify') {
    throw new TokenError(400, 'invalid_grant', 'Invalid refresh token');
  }
  const { token, grant } = found;
  if (grant.clientId !== client.clientId) throw new TokenError(400, 'invalid_grant', 'Invalid client');
  if (token.revoked || grant.revoked) throw new TokenError(400, 'invalid_grant', 'Refresh token revoked');
  if (token.expiresAt < Date.now()) throw new TokenError(400, 'invalid_grant', 'Refresh token expired');
  grant.scopes = grantedScopes(call, grant.scopes);
  const answer = accessFor(world, grant);
  const app = appOf(world, grant.clientId);
  const rotates = app.rotateRefreshTokens ?? world.rotateRefreshTokens;
  if (token.usesLeft === undefined && !rotates && !call.state.fault?.rotateRefreshToken) return answer;
  // A replaced token goes on for as often as the app has it, and each use gives a new one.
  token.usesLeft = token.usesLeft === undefined ? app.oldTokenUses : token.usesLeft - 1;
  if (token.usesLeft <= 0) token.revoked = true;
  return { ...answer, refresh_token: issueToken(world, grant, 'refresh', grant.scopes, token.expiresAt) };
}

function accessFor(world: World, grant: Grant): object {
  const accessToken = issueToken(world, grant, 'access', grant.scopes);
  const scope = grant.scopes.join(' ');
  return { access_token: accessToken, token_type: 'Bearer', expires_in: accessLifeSeconds, scope };
}

// Six months after the person agreed, whatever is refreshed in between.
function endOfConsent(grant: Grant): number {
  const end = new Date(grant.consentedAt);
  end.setUTCMonth(end.getUTCMonth() + 6);
  return end.getTime();
}
