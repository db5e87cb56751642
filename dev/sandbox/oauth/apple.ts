import Router from '@koa/router';
import { bodyOf, type Call, type CallRouter, type CallState, type World } from '../conduct/world';
import { appleEmail, nameParts } from '../people/sign-in-accounts';
import { faultOfClientSecret } from './apple-client-secret';
import { appleDiscovery } from './apple-discovery';
import { appleIdToken } from './apple-id-token';
import {
  redirectBack,
  showConsent,
  spacedScopes,
  takeDecision,
  type Approval,
  type AuthorizeSettings,
} from './authorize';
import { formPostPage } from './consent-page';
import { accessLifeSeconds, findToken, issueToken, neverEnds, redeemCode, revokeAuthorization } from './grants';
import { publishedKeys } from './signing-key';
import { answerTokenErrors, requiredField, TokenError } from './token-errors';

/** Sign in with Apple for the web, below `/apple`. Its pages can be opened by the name `localhost` as well. */
export function appleRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  const issuer = `${world.url}/apple`;
  const settings = authorizeSettings(world, issuer);
  router.use(answerTokenErrors);
  router.get('/.well-known/openid-configuration', (call) => {
    call.body = appleDiscovery(issuer);
  });
  router.get('/auth/authorize', (call) => showConsent(settings, call));
  router.post('/auth/authorize', (call) => takeDecision(world, settings, call));
  router.post('/auth/token', (call) => answerToken(world, issuer, call));
  router.post('/auth/revoke', (call) => answerRevoke(world, issuer, call));
  router.get('/auth/keys', (call) => {
    call.set('Cache-Control', 'public, max-age=3600');
    call.body = publishedKeys(world.state.signingKey);
  });
  return router;
}

function authorizeSettings(world: World, issuer: string): AuthorizeSettings {
  return {
    service: 'apple',
    title: 'Apple',
    // Without a host, so that a page opened as localhost stays there.
    action: '/apple/auth/authorize',
    responseTypes: ['code', 'code id_token'],
    pkce: false,
    problem: problemOf,
    scopes: spacedScopes,
    approved: (approval) => approvedFields(world, issuer, approval),
    denied: { error: 'user_cancelled_authorize' },
    givesRefreshToken: () => true,
    back: (call, request, fields) => {
      if (request['response_mode'] !== 'form_post') return redirectBack(call, request, fields);
      call.set('Cache-Control', 'no-store');
      call.type = 'html';
      call.body = formPostPage('Apple', request['redirect_uri'] ?? '', fields);
    },
  };
}

function problemOf(request: Record<string, string>): string | null {
  const mode = request['response_mode'] ?? 'query';
  if (mode !== 'query' && mode !== 'form_post') return 'invalid_request: Invalid response_mode.';
  if (mode === 'form_post') return null;
  const asksForPerson = spacedScopes(request).some((scope) => scope === 'name' || scope === 'email');
  if (asksForPerson) return 'invalid_request: response_mode must be form_post when name or email scope is requested.';
  if (request['response_type'] === 'code id_token') return 'invalid_request: response_mode must be form_post.';
  return null;
}

async function approvedFields(world: World, issuer: string, approval: Approval): Promise<Record<string, string>> {
  const { request, person, scopes, code, grantId, first } = approval;
  const grant = world.state.grants[grantId];
  const fields: Record<string, string> = {};
  if (grant && request['response_type'] === 'code id_token') {
    fields['id_token'] = await appleIdToken(world, issuer, grant, { nonce: request['nonce'] ?? null, code });
  }
  // Apple tells who it is once only: an app that loses this answer never learns the name.
  const user = {
    ...(scopes.includes('name') ? { name: nameParts(person) } : {}),
    ...(scopes.includes('email') ? { email: appleEmail(person).email } : {}),
  };
  if (first && Object.keys(user).length > 0) fields['user'] = JSON.stringify(user);
  return fields;
}

async function answerToken(world: World, issuer: string, call: Call): Promise<void> {
  const form = bodyOf(call);
  const clientId = await clientOf(world, issuer, form);
  call.set('Cache-Control', 'no-store');
  if (form['grant_type'] === 'authorization_code') {
    const code = requiredField(form, 'code');
    world.secrets.add(code);
    const redirectUri = String(form['redirect_uri'] ?? '');
    const redeemed = redeemCode(world, code, { service: 'apple', clientId, redirectUri, verifier: null });
    if ('refused' in redeemed) {
      const said = redeemed.about === 'code' ? 'The code has expired or has been revoked.' : redeemed.refused;
      throw new TokenError(400, 'invalid_grant', said);
    }
    const { grant, code: request } = redeemed;
    if (grant.revoked) throw new TokenError(400, 'invalid_grant', 'The code has expired or has been revoked.');
    call.body = {
      access_token: issueToken(world, grant, 'access', grant.scopes),
      token_type: 'Bearer',
      expires_in: accessLifeSeconds,
      refresh_token: issueToken(world, grant, 'refresh', grant.scopes, neverEnds),
      id_token: await appleIdToken(world, issuer, grant, { nonce: request.nonce }),
    };
  } else if (form['grant_type'] === 'refresh_token') {
    const text = requiredField(form, 'refresh_token');
    world.secrets.add(text);
    const found = findToken(world, text);
    const alive = found?.token.kind === 'refresh' && !found.token.revoked && !found.grant.revoked;
    if (!found || !alive || found.grant.service !== 'apple' || found.grant.clientId !== clientId) {
      throw new TokenError(400, 'invalid_grant', 'The token has expired or has been revoked.');
    }
    call.body = {
      access_token: issueToken(world, found.grant, 'access', found.grant.scopes),
      token_type: 'Bearer',
      expires_in: accessLifeSeconds,
      id_token: await appleIdToken(world, issuer, found.grant, { nonce: null }),
    };
  } else throw new TokenError(400, 'unsupported_grant_type', 'The grant type is not supported.');
}

// 200 whatever the token is: the answer proves nothing, only a refresh that fails does.
async function answerRevoke(world: World, issuer: string, call: Call): Promise<void> {
  const form = bodyOf(call);
  const clientId = await clientOf(world, issuer, form);
  const text = requiredField(form, 'token');
  world.secrets.add(text);
  const grant = findToken(world, text)?.grant;
  if (grant?.service === 'apple' && grant.clientId === clientId) revokeAuthorization(world, grant);
  call.status = 200;
  call.body = '';
}

async function clientOf(world: World, issuer: string, form: Record<string, unknown>): Promise<string> {
  const { client_id: clientId, client_secret: secret } = form;
  if (typeof secret === 'string') world.secrets.add(secret);
  if (typeof clientId !== 'string' || typeof secret !== 'string') {
    throw new TokenError(400, 'invalid_client', 'client_id and client_secret must be supplied');
  }
  const fault = await faultOfClientSecret(secret, clientId, issuer);
  if (fault !== null) throw new TokenError(400, 'invalid_client', fault);
  return clientId;
}
