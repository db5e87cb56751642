import { bodyOf, queryText, type Call, type World } from '../conduct/world';
import { findPerson, type Person } from '../people/people';
import type { SignInService } from '../state/model';
import { isAllowedRedirect, isKnownClient } from './clients';
import { consentPage, errorPage } from './consent-page';
import { giveCode, grantsOf } from './grants';

type Fields = Record<string, string>;

/** A decision to go ahead. */
export interface Approval {
  request: Fields;
  person: Person;
  scopes: string[];
  code: string;
  grantId: string;
  /** Whether the person has no standing grant for this client yet. */
  first: boolean;
}

/** The parts of the services' authorization pages that differ. */
export interface AuthorizeSettings {
  service: SignInService;
  title: string;
  /** Where the form is sent. */
  action: string;
  /** The response types that are served; null where the service takes no notice of them. */
  responseTypes: string[] | null;
  /** Whether a challenge is noted; otherwise it is ignored as Apple ignores it. */
  pkce: boolean;
  /** What is wrong beyond client, redirect address and challenge; null for nothing. */
  problem?(request: Fields): string | null;
  /** What was asked for, one by one. */
  scopes(request: Fields): string[];
  /** What a callback carries beside the state, and beside the code where the person agreed. */
  approved(approval: Approval): Fields | Promise<Fields>;
  /** What a callback carries beside the state where the person did not agree. */
  denied: Fields;
  /** Whether this consent gives a refresh token. */
  givesRefreshToken(request: Fields): boolean;
  /** Sends the browser back; by default with a redirect whose query carries the fields. */
  back?(call: Call, request: Fields, fields: Fields): void;
}

const carried = [
  'client_id',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'access_type',
  'prompt',
  'login',
  'login_hint',
  'show_dialog',
];

/** Scopes that stand apart by spaces, as RFC 6749 has them. */
export function spacedScopes(request: Fields): string[] {
  return (request['scope'] ?? '').split(' ').filter(Boolean);
}

/** Shows the consent page, or an error page where the request must not be answered by a redirect. */
export function showConsent(settings: AuthorizeSettings, call: Call): void {
  const request: Fields = {};
  for (const name of carried) {
    const value = queryText(call, name);
    if (value !== undefined) request[name] = value;
  }
  const problem = problemOf(settings, request);
  if (problem !== null) return refuse(settings, call, problem);
  if (settings.responseTypes && !settings.responseTypes.includes(request['response_type'] ?? '')) {
    return goBack(settings, call, request, { error: 'unsupported_response_type' });
  }
  call.set('Cache-Control', 'no-store');
  call.type = 'html';
  call.body = consentPage(settings.title, settings.action, request, settings.scopes(request));
}

/** Takes the person's decision and sends the browser back with a code or with what stands for a refusal. */
export async function takeDecision(world: World, settings: AuthorizeSettings, call: Call): Promise<void> {
  const form = bodyOf(call);
  const request: Fields = {};
  for (const name of carried) if (typeof form[name] === 'string') request[name] = form[name];
  const person = findPerson(String(form['user']));
  const problem = problemOf(settings, request) ?? (person ? null : 'There is no such account.');
  if (problem !== null || !person) return refuse(settings, call, problem ?? '');
  if (form['decision'] !== 'approve') return goBack(settings, call, request, settings.denied);
  const approval = approve(world, settings, request, person);
  goBack(settings, call, request, { code: approval.code, ...(await settings.approved(approval)) });
}

function approve(world: World, settings: AuthorizeSettings, request: Fields, person: Person): Approval {
  const { service } = settings;
  const clientId = request['client_id'] ?? '';
  const scopes = settings.scopes(request);
  const first = grantsOf(world, service, person.id).every((grant) => grant.clientId !== clientId);
  const { code, grantId } = giveCode(
    world,
    { service, clientId, userId: person.id, scopes },
    {
      redirectUri: request['redirect_uri'] ?? '',
      challenge: settings.pkce ? (request['code_challenge'] ?? null) : null,
      nonce: request['nonce'] ?? null,
      offline: settings.givesRefreshToken(request),
    },
  );
  return { request, person, scopes, code, grantId, first };
}

function problemOf(settings: AuthorizeSettings, request: Fields): string | null {
  const { service, pkce } = settings;
  if (!isKnownClient(service, request['client_id'] ?? '')) return 'INVALID_CLIENT: Invalid client';
  if (!isAllowedRedirect(service, request['redirect_uri'] ?? '')) return 'INVALID_CLIENT: Invalid redirect URI';
  if (pkce && request['code_challenge'] !== undefined && request['code_challenge_method'] !== 'S256') {
    return 'invalid_request: code_challenge_method must be S256';
  }
  return settings.problem?.(request) ?? null;
}

function refuse(settings: AuthorizeSettings, call: Call, problem: string): void {
  call.status = 400;
  call.type = 'html';
  call.body = errorPage(settings.title, problem);
}

function goBack(settings: AuthorizeSettings, call: Call, request: Fields, answer: Fields): void {
  const fields = { ...(request['state'] === undefined ? {} : { state: request['state'] }), ...answer };
  if (settings.back) settings.back(call, request, fields);
  else redirectBack(call, request, fields);
}

/** Redirects to the client's address with the fields in its query. */
export function redirectBack(call: Call, request: Fields, fields: Fields): void {
  const target = new URL(request['redirect_uri'] ?? '');
  for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
  call.redirect(target.href);
  call.status = 302;
}
