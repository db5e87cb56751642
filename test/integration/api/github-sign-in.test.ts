import { forgetEverybody } from '../../support/forget-everybody';
import { Browser } from './browser';
import { arrive, consent, landingOf } from './flow-walker';
import { fault, setStage, type Stage } from './signed-in';

let stage: Stage;
let start: string;
beforeAll(async () => {
  // Waits for GitHub are part of these stories.
  stage = await setStage({ RATE_LIMIT_SIGN_IN: '100000', PROVIDER_TIMEOUT_SECONDS: '1' });
  start = `${stage.api.url}/api/v1/auth/github/start`;
});
afterAll(() => stage.close());
afterEach(() => stage.system.admin.clearFaults());
beforeEach(async () => {
  await forgetEverybody(stage.system.database);
  await fetch(`${stage.system.sandbox.url}/admin/calls`, { method: 'DELETE' });
});

async function signIn(browser: Browser, user: string): Promise<string> {
  const answer = await arrive(browser, await consent(browser, start, { user }));
  return (await landingOf(answer, stage.api.url)).ended;
}
const identities = () =>
  stage.rows<Record<string, unknown>>(`select subject, email, email_verified, name from identities`);
const lastFlow = async () =>
  (
    await stage.rows<Record<string, unknown>>(
      `select status, exchange_attempts, error_code, raw_answer from oauth_transactions order by id desc limit 1`,
    )
  )[0];
const token = (what: object) => ({ service: 'github', method: 'POST', route: '/login/oauth/access_token', ...what });
const api = (route: string, what: object) => ({ service: 'github', method: 'GET', route: `/api${route}`, ...what });

async function revocations(): Promise<number> {
  const { items } = (await (await fetch(`${stage.system.sandbox.url}/admin/calls`)).json()) as {
    items: { method: string; route: string; status: number; count: number }[];
  };
  const own = items.filter(({ method, route }) => method === 'DELETE' && route.endsWith('/grant'));
  return own.reduce((sum, { count }) => sum + count, 0);
}

describe('signing in with GitHub', () => {
  it('knows people by their number, and takes the one address that is primary and verified', async () => {
    const browser = new Browser();
    expect(await signIn(browser, 'listener')).toBe('ok');
    const [identity] = await identities();
    expect(identity).toEqual({
      subject: expect.stringMatching(/^\d{8}$/),
      email: 'listener@example.test',
      email_verified: true,
      name: 'Odalys Brennvik',
    });
    const { user } = (await stage.read(browser, '/auth/session')).body as { user: { email: string } };
    expect(user.email).toBe('listener@example.test');
    const again = new Browser();
    expect(await signIn(again, 'listener')).toBe('ok');
    expect((await stage.read(again, '/auth/session')).body.user).toEqual(user);
  });

  it('believes no address that its owner has not confirmed, and joins nobody by it', async () => {
    await signIn(new Browser(), 'listener');
    const browser = new Browser();
    expect(await signIn(browser, 'second-listener')).toBe('ok');
    const { user } = (await stage.read(browser, '/auth/session')).body as { user: { email: string | null } };
    expect(user.email).toBeNull();
    expect(await stage.rows(`select id from users`)).toHaveLength(2);
  });

  it('does without an address where the person took that permission away', async () => {
    await fault(stage.system, token({ body: { scope: 'read:user' } }));
    expect(await signIn(new Browser(), 'listener')).toBe('ok');
    expect((await identities())[0]).toMatchObject({ email: null, email_verified: false });
  });
});

describe('GitHub’s refusals, which come with 200', () => {
  it.each([
    ['bad_verification_code', 'code_rejected'],
    ['incorrect_client_credentials', 'provider_error'],
    ['redirect_uri_mismatch', 'provider_error'],
    ['unverified_user_email', 'identity_invalid'],
    ['something_new', 'provider_error'],
  ])('%s is %s', async (error, code) => {
    await fault(stage.system, token({ status: 200, body: { error, error_description: 'It says why.' } }));
    expect(await signIn(new Browser(), 'listener')).toBe(code);
    expect(await lastFlow()).toMatchObject({ status: 'failed', exchange_attempts: 1 });
  });
});

describe('when GitHub doesn’t say who it is', () => {
  it.each([
    ['is away for a moment', '/user', { status: 503, times: 2 }],
    ['hangs up', '/user', { dropAnswer: true }],
    ['takes too long', '/user/emails', { delayMs: 1_500 }],
    ['shows a page', '/user', { status: 200, body: '<html>a page</html>' }],
    ['asks to wait', '/user', { status: 429, retryAfter: 1 }],
    ['asks to wait in its own way', '/user/emails', { status: 403, retryAfter: 1 }],
  ])('%s, it is asked again, without another exchange', async (_story, route, what) => {
    await fault(stage.system, api(route, what));
    expect(await signIn(new Browser(), 'listener')).toBe('ok');
    expect(await lastFlow()).toMatchObject({ status: 'delivered', exchange_attempts: 1, raw_answer: null });
    expect(await revocations()).toBe(0);
  });

  it.each([
    ['stays away', { status: 502, times: 100 }, 'provider_unavailable'],
    ['doesn’t take its own token', { status: 401, times: 100 }, 'provider_error'],
    ['forbids it', { status: 403, times: 100 }, 'provider_error'],
  ])('and %s, the consent is taken back and nothing stays', async (_story, what, code) => {
    await fault(stage.system, api('/user', what));
    expect(await signIn(new Browser(), 'listener')).toBe(code);
    expect(await lastFlow()).toMatchObject({ status: 'failed', error_code: code, raw_answer: null });
    expect(await revocations()).toBe(1);
    expect(await identities()).toEqual([]);
    expect(await stage.rows(`select owner_id from credentials`)).toEqual([]);
    await stage.system.admin.clearFaults();
    expect(await signIn(new Browser(), 'listener')).toBe('ok');
  });
});
