import type { Call, CallRouter, World } from '../conduct/world';
import { findToken } from '../oauth/grants';
import { findPerson, type Person } from '../people/people';
import { githubEmails, githubId } from '../people/sign-in-accounts';
import { GithubError } from './errors';

/** The account that a token belongs to, and its addresses. */
export function serveGithubApi(world: World, router: CallRouter): void {
  router.get('/api/user', (call) => {
    const { person } = authorize(world, call, []);
    call.body = userOf(person);
  });
  router.get('/api/user/emails', (call) => {
    const { person, scopes } = authorize(world, call, ['user:email', 'user']);
    // GitHub hides what a token may not see.
    if (!scopes.some((scope) => scope === 'user:email' || scope === 'user')) throw new GithubError(404, 'Not Found');
    call.body = githubEmails(person);
  });
}

function authorize(world: World, call: Call, accepted: string[]): { person: Person; scopes: string[] } {
  if (call.get('user-agent') === '') {
    throw new GithubError(403, 'Request forbidden by administrative rules: there is no User-Agent header.');
  }
  const header = call.get('authorization');
  if (header === '') throw new GithubError(401, 'Requires authentication');
  const text = /^(?:Bearer|token)\s+(\S+)$/i.exec(header)?.[1] ?? '';
  world.secrets.add(text);
  const found = findToken(world, text);
  const person = found && findPerson(found.grant.userId);
  const alive = found?.token.kind === 'access' && !found.token.revoked && !found.grant.revoked;
  if (!person || !alive || found.grant.service !== 'github' || found.token.expiresAt < Date.now()) {
    throw new GithubError(401, 'Bad credentials');
  }
  call.set('X-OAuth-Scopes', found.token.scopes.join(', '));
  call.set('X-Accepted-OAuth-Scopes', accepted.join(', '));
  return { person, scopes: found.token.scopes };
}

function userOf(person: Person): Record<string, unknown> {
  return {
    login: person.id,
    id: githubId(person),
    node_id: Buffer.from(`04:User${githubId(person)}`).toString('base64'),
    type: 'User',
    site_admin: false,
    name: person.name,
    company: null,
    // Only an address that somebody made public stands here.
    email: null,
    created_at: '2016-02-29T08:00:00Z',
    updated_at: '2026-01-15T08:00:00Z',
  };
}
