import Router from '@koa/router';
import { bodyOf, type Call, type CallRouter, type CallState, type World } from '../conduct/world';
import { findPerson, googleSubject, type Person } from '../people/people';
import type { Grant } from '../state/model';
import { showConsent, spacedScopes, takeDecision, type AuthorizeSettings } from './authorize';
import { isKnownClient, isSecretOf, readClientCredentials } from './clients';
import { accessLifeSeconds, findToken, issueToken, redeemCode, revokeGrant } from './grants';
import { halfHash, publishedKeys, signIdToken } from './signing-key';
import { answerTokenErrors, requiredField, TokenError } from './token-errors';

const unusedLifeMs = 182 * 86_400_000;

/** Google's OpenID Connect as its discovery document describes it, below `/google`. */
export function googleRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  const issuer = `${world.url}/google`;
  const settings: AuthorizeSettings = {
    service: 'google',
    title: 'Google',
    action: `${issuer}/o/oauth2/v2/auth`,
    responseTypes: ['code'],
    pkce: true,
    scopes: spacedScopes,
    approved: ({ scopes }) => ({ iss: issuer, ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}) }),
    denied: { error: 'access_denied', iss: issuer },
    givesRefreshToken: (request) => request['access_type'] === 'offline' && request['prompt'] === 'consent',
  };
  router.use(answerTokenErrors);
  router.get('/.well-known/openid-configuration', (call) => {
    call.body = discovery(issuer);
  });
  router.get('/o/oauth2/v2/auth', (call) => showConsent(settings, call));
  router.post('/o/oauth2/v2/auth', (call) => takeDecision(world, settings, call));
  router.post('/token', (call) => answerToken(world, issuer, call));
  router.get('/userinfo', (call) => answerUserinfo(world, call));
  router.post('/revoke', (call) => answerRevoke(world, call));
  router.get('/oauth2/v3/certs', (call) => {
    call.set('Cache-Control', 'public, max-age=3600');
    call.body = publishedKeys(world.state.signingKey);
  });
  return router;
}

function discovery(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/o/oauth2/v2/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['aud', 'email', 'email_verified', 'exp', 'iat', 'iss', 'name', 'nonce', 'sub'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function answerToken(world: World, issuer: string, call: Call): Promise<void> {
  const form = bodyOf(call);
  const client = readClientCredentials(call);
  world.secrets.add(client?.secret);
  if (!client?.secret || !isKnownClient('google', client.clientId) || !isSecretOf(client.clientId, client.secret)) {
    throw new TokenError(401, 'invalid_client', 'The OAuth client was not found.');
  }
  call.set('Cache-Control', 'no-store');
  if (form['grant_type'] === 'authorization_code') {
    const verifier = typeof form['code_verifier'] === 'string' ? form['code_verifier'] : null;
    const code = requiredField(form, 'code');
    world.secrets.add(code, verifier);
    const redirectUri = requiredField(form, 'redirect_uri');
    const redeemed = redeemCode(world, code, { service: 'google', clientId: client.clientId, redirectUri, verifier });
    if ('refused' in redeemed) throw new TokenError(400, 'invalid_grant', redeemed.refused);
    const { grant, code: request } = redeemed;
    const refresh = request.offline ? issueToken(world, grant, 'refresh', grant.scopes, unusedUntil()) : undefined;
    call.body = { ...(await tokensFor(world, issuer, grant, request.nonce)), refresh_token: refresh };
  } else if (form['grant_type'] === 'refresh_token') {
    const text = requiredField(form, 'refresh_token');
    world.secrets.add(text);
    const found = findToken(world, text);
    const alive = found?.token.kind === 'refresh' && !found.token.revoked && !found.grant.revoked;
    const own = found?.grant.service === 'google' && found.grant.clientId === client.clientId;
    if (!found || !alive || !own || found.token.expiresAt < Date.now()) {
      throw new TokenError(400, 'invalid_grant', 'Token has been expired or revoked.');
    }
    found.token.expiresAt = unusedUntil();
    call.body = await tokensFor(world, issuer, found.grant, null);
  } else throw new TokenError(400, 'unsupported_grant_type', 'Invalid grant_type');
}

// A refresh token dies when nobody uses it for six months.
function unusedUntil(): number {
  return Date.now() + unusedLifeMs;
}

async function tokensFor(world: World, issuer: string, grant: Grant, nonce: string | null): Promise<object> {
  const person = findPerson(grant.userId);
  const access = issueToken(world, grant, 'access', grant.scopes);
  const now = Math.floor(Date.now() / 1000);
  const answer = {
    access_token: access,
    expires_in: accessLifeSeconds,
    scope: grant.scopes.join(' '),
    token_type: 'Bearer',
  };
  if (!person || !grant.scopes.includes('openid')) return answer;
  const idToken = await signIdToken(world.state.signingKey, {
    iss: issuer,
    aud: grant.clientId,
    azp: grant.clientId,
    ...claimsOf(person, grant.scopes),
    at_hash: halfHash(access),
    ...(nonce === null ? {} : { nonce }),
    iat: now,
    exp: now + accessLifeSeconds,
  });
  world.secrets.add(idToken);
  return { ...answer, id_token: idToken };
}

function claimsOf(person: Person, scopes: string[]): Record<string, unknown> & { sub: string } {
  const [given = '', ...family] = person.name.split(' ');
  return {
    sub: googleSubject(person),
    ...(scopes.includes('email') ? { email: person.email, email_verified: true } : {}),
    ...(scopes.includes('profile') ? { name: person.name, given_name: given, family_name: family.join(' ') } : {}),
  };
}

function answerUserinfo(world: World, call: Call): void {
  const text = /^Bearer\s+(\S+)$/i.exec(call.get('authorization'))?.[1] ?? '';
  world.secrets.add(text);
  const found = findToken(world, text);
  const person = found && findPerson(found.grant.userId);
  const alive = found?.token.kind === 'access' && !found.token.revoked && !found.grant.revoked;
  if (!person || !alive || found.grant.service !== 'google' || found.token.expiresAt < Date.now()) {
    throw new TokenError(401, 'invalid_request', 'Invalid Credentials');
  }
  call.body = claimsOf(person, found.token.scopes);
}

function answerRevoke(world: World, call: Call): void {
  const text = requiredField({ ...call.query, ...bodyOf(call) }, 'token');
  world.secrets.add(text);
  const found = findToken(world, text);
  if (!found || found.grant.service !== 'google' || found.grant.revoked) {
    throw new TokenError(400, 'invalid_token', 'Token expired or revoked');
  }
  revokeGrant(world, found.grant.id);
  call.body = {};
}
