import Router from '@koa/router';
import { bodyOf, queryText, type Call, type CallRouter, type CallState, type World } from '../conduct/world';
import { consentPage, errorPage, handBackPage } from '../oauth/consent-page';
import { issueToken, recordGrant } from '../oauth/grants';
import { findPerson } from '../people/people';
import { musicKitScript } from './musickit-script';
import { faultOfDeveloperToken } from './tokens';

const title = 'Apple Music';
// Nobody documents how long a Music User Token lives; what is known from others is half a year.
const lifeMs = 180 * 86_400_000;
const carried = ['developer_token', 'app', 'origin', 'login_hint'];

/** Where Music User Tokens come from: the stand-in for MusicKit, and the page on which a person agrees. */
export function musicKitRouter(world: World): CallRouter {
  const router = new Router<CallState>();
  router.get('/musickit.js', (call) => {
    call.type = 'text/javascript';
    call.set('Cache-Control', 'no-cache');
    call.body = musicKitScript(`${world.url}/apple-music/authorize`);
  });
  router.get('/authorize', (call) => show(world, call));
  router.post('/authorize', (call) => decide(world, call));
  return router;
}

async function show(world: World, call: Call): Promise<void> {
  const request: Record<string, string> = {};
  for (const name of carried) {
    const value = queryText(call, name);
    if (value !== undefined) request[name] = value;
  }
  const problem = await problemOf(world, request);
  call.type = 'html';
  call.set('Cache-Control', 'no-store');
  if (problem === null) {
    const shown = { ...request, client_id: request['app'] ?? 'An app' };
    call.body = consentPage(title, '/apple-music/authorize', shown, ['music library']);
  } else {
    call.status = 400;
    call.body = errorPage(title, problem);
  }
}

// A script that asks for JSON gets the token itself; a browser gets a page that hands it to the window which opened it.
async function decide(world: World, call: Call): Promise<void> {
  const form = bodyOf(call);
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  const json = call.accepts('text/html', 'application/json') === 'application/json';
  const person = findPerson(text('user'));
  const request = { developer_token: text('developer_token'), origin: text('origin') };
  const problem = (await problemOf(world, request, !json)) ?? (person ? null : 'There is no such account.');
  call.set('Cache-Control', 'no-store');
  if (problem !== null || !person) {
    call.status = 400;
    call.type = json ? 'json' : 'html';
    call.body = json ? { error: problem } : errorPage(title, problem ?? '');
    return;
  }
  const approved = text('decision') === 'approve';
  const answer: Record<string, string> = approved
    ? { musicUserToken: giveToken(world, person.id) }
    : { error: 'AUTHORIZATION_ERROR' };
  if (json) {
    call.status = approved ? 200 : 403;
    call.body = answer;
  } else {
    call.type = 'html';
    call.body = handBackPage(title, request.origin, answer);
  }
}

function giveToken(world: World, userId: string): string {
  const grant = recordGrant(world, { service: 'apple-music', clientId: 'sandbox-apple-music', userId, scopes: [] });
  return issueToken(world, grant, 'access', [], Date.now() + lifeMs);
}

async function problemOf(world: World, request: Record<string, string>, needsOrigin = true): Promise<string | null> {
  const token = request['developer_token'] ?? '';
  world.secrets.add(token);
  if ((await faultOfDeveloperToken(token)) !== null) return 'Unable to verify JWT';
  const origin = request['origin'] ?? '';
  const fits = URL.canParse(origin) && new URL(origin).origin === origin;
  return fits || !needsOrigin ? null : 'There is no origin to answer to.';
}
