import { bodyOf, type Call, type CallRouter, type World } from '../conduct/world';
import { isKnownClient, isSecretOf, readClientCredentials } from '../oauth/clients';
import { findToken, revokeAuthorization } from '../oauth/grants';
import { findPerson } from '../people/people';
import { githubId } from '../people/sign-in-accounts';
import type { Grant, Token } from '../state/model';
import { GithubError } from './errors';

/** What an app may ask and end about its tokens: with its own credentials, the token in the body. */
export function serveGithubApplications(world: World, router: CallRouter): void {
  router.post('/api/applications/:client_id/token', (call) => {
    const { grant, token, text, alive } = tokenOf(world, call);
    if (!alive) throw new GithubError(404, 'Not Found');
    const person = findPerson(grant.userId);
    call.status = 200;
    call.body = {
      token: text,
      scopes: token.scopes,
      app: { client_id: grant.clientId, name: grant.clientId },
      user: person && { login: person.id, id: githubId(person) },
      expires_at: token.expiresAt > 8e15 ? null : new Date(token.expiresAt).toISOString(),
    };
  });
  router.delete('/api/applications/:client_id/token', (call) => {
    const { token, alive } = tokenOf(world, call);
    if (!alive) throw new GithubError(422, 'Validation Failed');
    token.revoked = true;
    world.changed();
    call.status = 204;
  });
  // A grant is all that the person ever gave the app, named by any token that still works.
  router.delete('/api/applications/:client_id/grant', (call) => {
    const { grant, alive } = tokenOf(world, call);
    if (!alive) throw new GithubError(422, 'Validation Failed');
    revokeAuthorization(world, grant);
    call.status = 204;
  });
}

function tokenOf(world: World, call: Call): { grant: Grant; token: Token; text: string; alive: boolean } {
  const client = call.get('authorization') === '' ? null : readClientCredentials(call);
  world.secrets.add(client?.secret);
  if (!client?.secret || !isKnownClient('github', client.clientId) || !isSecretOf(client.clientId, client.secret)) {
    throw new GithubError(401, 'Bad credentials');
  }
  if (client.clientId !== call.params['client_id']) throw new GithubError(404, 'Not Found');
  const text = bodyOf(call)['access_token'];
  if (typeof text !== 'string' || text === '') throw new GithubError(422, 'Invalid request: access_token is missing.');
  world.secrets.add(text);
  const found = findToken(world, text);
  const own = found?.grant.service === 'github' && found.grant.clientId === client.clientId;
  if (!found || !own || found.token.kind !== 'access') throw new GithubError(404, 'Not Found');
  const alive = !found.token.revoked && !found.grant.revoked && found.token.expiresAt >= Date.now();
  return { ...found, text, alive };
}
