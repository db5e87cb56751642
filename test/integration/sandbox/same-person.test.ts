import { decodeJwt } from 'jose';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { appleVisitor } from './apple-visitor';
import { githubVisitor } from './github-visitor';
import { consent, postForm, redirectUri } from './visitor';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** The address that each service vouches for, null where it vouches for none. */
async function verifiedEmails(user: string) {
  const { body } = await signInWithGoogle(user);
  const google = decodeJwt(String(body['id_token']));
  const apple = (await appleVisitor(sandbox.url).signIn(user)).claims;
  const github = githubVisitor(sandbox.url);
  const emails = await github.emails((await github.signIn(user))['access_token']);
  return {
    google: google['email_verified'] === true ? google['email'] : null,
    apple: [true, 'true'].includes(apple['email_verified'] as boolean | string) ? apple['email'] : null,
    github: emails.find(({ primary, verified }) => primary && verified)?.email ?? null,
  };
}

async function signInWithGoogle(user: string) {
  const request = { client_id: 'sandbox-google', response_type: 'code', redirect_uri: redirectUri };
  const page = `${sandbox.url}/google/o/oauth2/v2/auth`;
  const code = (await consent(page, { ...request, scope: 'openid email' }, { user })).get('code') ?? '';
  return postForm(`${sandbox.url}/google/token`, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: 'sandbox-google',
    client_secret: 'sandbox-google-secret',
  });
}

describe('one person at three services', () => {
  it.each(['listener', 'moderator', 'reviewer', 'admin'])('has one verified address everywhere: %s', async (user) => {
    const email = `${user}@example.test`;
    expect(await verifiedEmails(user)).toEqual({ google: email, apple: email, github: email });
  });

  it('has none at GitHub that is confirmed: second-listener', async () => {
    const email = 'second-listener@example.test';
    expect(await verifiedEmails('second-listener')).toEqual({ google: email, apple: email, github: null });
  });

  it('shows Apple’s apps another address than everybody else: apple-listener', async () => {
    const email = 'apple-listener@example.test';
    const apple = expect.stringMatching(/@privaterelay\.appleid\.com$/) as string;
    expect(await verifiedEmails('apple-listener')).toEqual({ google: email, apple, github: email });
  });
});
