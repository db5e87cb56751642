import Router from '@koa/router';
import { bodyOf, type Call, type CallRouter, type CallState, type World } from '../conduct/world';
import { serveGithubApi } from '../github/api';
import { serveGithubApplications } from '../github/applications';
import { answerGithubErrors } from '../github/errors';
import type { Grant } from '../state/model';
import { showConsent, takeDecision, type AuthorizeSettings } from './authorize';
import { isGithubApp, isKnownClient, isSecretOf } from './clients';
import { grantedScopes } from './granted-scopes';
import { findToken, issueToken, neverEnds, redeemCode, tokensOf } from './grants';

const appLifeSeconds = 28_800;
const appRefreshLifeSeconds = 15_897_600;
const troubleshooting = 'https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting';

/** Each refusal of the token endpoint, in GitHub's words. */
const refusals = {
  bad_verification_code: 'The code passed is incorrect or expired.',
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  redirect_uri_mismatch: 'The redirect_uri MUST match the registered callback URL for this application.',
  bad_refresh_token: 'The refresh token passed is incorrect or expired.',
  unsupported_grant_type: 'The grant type is not supported.',
} as const;

type Fields = Record<string, string | number>;

/** GitHub below `/github`: the web flow of OAuth apps and GitHub Apps, and the API's routes that sign-in needs. */
export function githubRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  const issuer = `${world.url}/github/login/oauth`;
  const settings: AuthorizeSettings = {
    service: 'github',
    title: 'GitHub',
    action: `${issuer}/authorize`,
    responseTypes: null,
    pkce: true,
    scopes: (request) => (isGithubApp(request['client_id'] ?? '') ? ['user:email'] : listedScopes(request['scope'])),
    approved: () => ({ iss: issuer }),
    denied: {
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
      error_uri: `${troubleshooting}-authorization-request-errors/#access-denied`,
      iss: issuer,
    },
    givesRefreshToken: (request) => isGithubApp(request['client_id'] ?? ''),
  };
  router.use(answerGithubErrors);
  router.get('/login/oauth/authorize', (call) => showConsent(settings, call));
  router.post('/login/oauth/authorize', (call) => takeDecision(world, settings, call));
  router.post('/login/oauth/access_token', (call) => answerToken(world, call));
  serveGithubApi(world, router);
  serveGithubApplications(world, router);
  return router;
}

function answerToken(world: World, call: Call): void {
  const form = bodyOf(call);
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  const answer = tokenAnswer(world, call, text);
  call.status = 200;
  call.set('Cache-Control', 'no-store');
  if (call.accepts('application/x-www-form-urlencoded', 'application/json') === 'application/json') call.body = answer;
  else {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(answer)) form.set(name, String(value));
    call.body = form.toString();
    call.type = 'application/x-www-form-urlencoded; charset=utf-8';
  }
}

function tokenAnswer(world: World, call: Call, text: (name: string) => string): Fields {
  const clientId = text('client_id');
  world.secrets.add(text('client_secret'), text('code'), text('code_verifier'), text('refresh_token'));
  if (!isKnownClient('github', clientId) || !isSecretOf(clientId, text('client_secret'))) {
    return refusal('incorrect_client_credentials');
  }
  if (text('grant_type') === 'refresh_token') return refresh(world, clientId, text('refresh_token'));
  if (!['', 'authorization_code'].includes(text('grant_type'))) return refusal('unsupported_grant_type');
  const redeemed = redeemCode(world, text('code'), {
    service: 'github',
    clientId,
    redirectUri: text('redirect_uri') || null,
    verifier: text('code_verifier') || null,
  });
  if ('refused' in redeemed) {
    return refusal(redeemed.about === 'redirect_uri' ? 'redirect_uri_mismatch' : 'bad_verification_code');
  }
  const { grant } = redeemed;
  if (grant.revoked) return refusal('bad_verification_code');
  grant.scopes = grantedScopes(call, grant.scopes);
  return tokensFor(world, grant);
}

// Strict rotation: neither the refresh token nor the access token that it came with works any longer.
function refresh(world: World, clientId: string, refreshToken: string): Fields {
  const found = findToken(world, refreshToken);
  const alive = found?.token.kind === 'refresh' && !found.token.revoked && !found.grant.revoked;
  if (!found || !alive || found.grant.clientId !== clientId || found.token.expiresAt < Date.now()) {
    return refusal('bad_refresh_token');
  }
  for (const token of tokensOf(world, found.grant)) token.revoked = true;
  return tokensFor(world, found.grant);
}

function tokensFor(world: World, grant: Grant): Fields {
  const common = { token_type: 'bearer' };
  if (!isGithubApp(grant.clientId)) {
    const accessToken = issueToken(world, grant, 'access', grant.scopes, neverEnds);
    return { access_token: accessToken, scope: grant.scopes.join(','), ...common };
  }
  const after = (seconds: number) => Date.now() + seconds * 1000;
  return {
    access_token: issueToken(world, grant, 'access', grant.scopes, after(appLifeSeconds)),
    expires_in: appLifeSeconds,
    refresh_token: issueToken(world, grant, 'refresh', grant.scopes, after(appRefreshLifeSeconds)),
    refresh_token_expires_in: appRefreshLifeSeconds,
    // What a GitHub App may do is registered with the app, not asked for.
    scope: '',
    ...common,
  };
}

function refusal(error: keyof typeof refusals): Fields {
  const part = error.replaceAll('_', '-');
  return {
    error,
    error_description: refusals[error],
    error_uri: `${troubleshooting}-oauth-app-access-token-request-errors/#${part}`,
  };
}

function listedScopes(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter(Boolean);
}
