import { bodyOf, queryText, type Call, type World } from '../conduct/world';
import { findPerson, type Person } from '../people/people';
import type { SignInService } from '../state/model';
import { isAllowedRedirect, isKnownClient } from './clients';
import { consentPage, errorPage } from './consent-page';
import { giveCode } from './grants';

/** The parts of the two services' authorization pages that differ. */
export interface AuthorizeSettings {
  service: SignInService;
  title: string;
  /** Where the form is sent. */
  action: string;
  /** Parameters added to a callback. */
  callbackExtras(scopes: string[]): Record<string, string>;
  /** Whether this consent gives a refresh token. */
  givesRefreshToken(request: Record<string, string>): boolean;
}

const carried = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'access_type',
  'prompt',
  'login_hint',
  'show_dialog',
];

/** Shows the consent page, or an error page where the request must not be answered by a redirect. */
export function showConsent(settings: AuthorizeSettings, call: Call): void {
  const request: Record<string, string> = {};
  for (const name of carried) {
    const value = queryText(call, name);
    if (value !== undefined) request[name] = value;
  }
  const problem = problemOf(settings.service, request);
  call.type = 'html';
  if (problem) {
    call.status = 400;
    call.body = errorPage(settings.title, problem);
    return;
  }
  if (request['response_type'] !== 'code') return back(call, request, { error: 'unsupported_response_type' });
  call.set('Cache-Control', 'no-store');
  call.body = consentPage(settings.title, settings.action, request);
}

/** Takes the person's decision and sends the browser back with a code or with `access_denied`. */
export function takeDecision(world: World, settings: AuthorizeSettings, call: Call): void {
  const form = bodyOf(call);
  const request: Record<string, string> = {};
  for (const name of carried) if (typeof form[name] === 'string') request[name] = form[name];
  const person = findPerson(String(form['user']));
  const problem = problemOf(settings.service, request) ?? (person ? null : 'There is no such account.');
  if (problem || !person) {
    call.status = 400;
    call.type = 'html';
    call.body = errorPage(settings.title, problem ?? '');
    return;
  }
  if (form['decision'] !== 'approve') {
    return back(call, request, { error: 'access_denied', ...settings.callbackExtras([]) });
  }
  approve(world, settings, call, request, person);
}

function approve(
  world: World,
  settings: AuthorizeSettings,
  call: Call,
  request: Record<string, string>,
  person: Person,
): void {
  const scopes = (request['scope'] ?? '').split(' ').filter(Boolean);
  world.secrets.add(person.email, person.name);
  const code = giveCode(
    world,
    { service: settings.service, clientId: request['client_id'] ?? '', userId: person.id, scopes },
    {
      redirectUri: request['redirect_uri'] ?? '',
      challenge: request['code_challenge'] ?? null,
      nonce: request['nonce'] ?? null,
      offline: settings.givesRefreshToken(request),
    },
  );
  back(call, request, { code, ...settings.callbackExtras(scopes) });
}

function problemOf(service: SignInService, request: Record<string, string>): string | null {
  if (!isKnownClient(service, request['client_id'] ?? '')) return 'INVALID_CLIENT: Invalid client';
  if (!isAllowedRedirect(service, request['redirect_uri'] ?? '')) return 'INVALID_CLIENT: Invalid redirect URI';
  if (request['code_challenge'] !== undefined && request['code_challenge_method'] !== 'S256') {
    return 'invalid_request: code_challenge_method must be S256';
  }
  return null;
}

function back(call: Call, request: Record<string, string>, answer: Record<string, string>): void {
  const target = new URL(request['redirect_uri'] ?? '');
  if (request['state'] !== undefined) target.searchParams.set('state', request['state']);
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  call.redirect(target.href);
  call.status = 302;
}
