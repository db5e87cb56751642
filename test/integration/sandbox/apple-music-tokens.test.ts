import { runInNewContext } from 'node:vm';
import { sandboxAppleKey } from '../../../adapters/environment/sandbox-apple-key';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { appleMusicVisitor, developerToken, refusal } from './apple-music-visitor';
import { admin } from './visitor';

let sandbox: Sandbox;
let apple: Awaited<ReturnType<typeof appleMusicVisitor>>;
let control: ReturnType<typeof admin>;
beforeAll(async () => {
  sandbox = await startSandbox();
  apple = await appleMusicVisitor(sandbox.url);
  control = admin(sandbox.url);
});
afterAll(() => sandbox.close());

const storefront = (token: string | null, bearer?: string) => apple.api(token, bearer)('GET', '/v1/me/storefront');

describe('the developer token', () => {
  it('is refused unless the team signed it with its MusicKit key, for six months at most', async () => {
    const user = await apple.userToken();
    const now = Math.floor(Date.now() / 1000);
    const bad = [
      'no-jwt',
      await developerToken({ keyId: 'OTHERKEY00' }),
      await developerToken({ teamId: 'OTHERTEAM0' }),
      await developerToken({ privateKey: sandboxAppleKey().privateKey }),
      await developerToken({ iat: now - 7200, exp: now - 3600 }),
      await developerToken({ exp: now + 15_777_000 + 600 }),
    ];
    for (const [place, token] of bad.entries()) {
      expect([place, ...refusal(await storefront(user, token))]).toEqual([place, 401, '40100']);
    }
    const { body } = await storefront(user, 'no-jwt');
    expect(body['errors']).toEqual([
      {
        id: expect.any(String) as string,
        title: 'Unauthorized',
        detail: expect.any(String) as string,
        status: '401',
        code: '40100',
      },
    ]);
    expect((await storefront(user, await developerToken({ exp: now + 15_770_000 }))).status).toBe(200);
  });

  it('is checked before a person is asked, too', async () => {
    expect((await apple.agree('apple-listener', 'approve', 'no-jwt')).status).toBe(400);
    const page = await fetch(`${apple.base}/authorize?developer_token=no-jwt&origin=http://127.0.0.1:1`);
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('Unable to verify JWT')]);
  });
});

describe('the Music User Token', () => {
  it('opens the account of the person who agreed, and is in the book of secrets', async () => {
    const token = await apple.userToken();
    expect(await storefront(token)).toMatchObject({ status: 200, body: { data: [{ id: 'de', type: 'storefronts' }] } });
    const { items } = await control('GET', '/secrets');
    expect(items).toEqual(expect.arrayContaining([token, apple.token]));
  });

  it('is not given to whom the person refuses', async () => {
    const { status, body } = await apple.agree('apple-listener', 'deny');
    expect([status, body['musicUserToken']]).toEqual([403, undefined]);
  });

  it('answers 403 with 40300 when it is missing, made up, ended or withdrawn, and another person goes on', async () => {
    const [mine, theirs] = [await apple.userToken(), await apple.userToken('reviewer')];
    expect(refusal(await storefront(null))).toEqual([403, '40300']);
    expect(refusal(await storefront('made-up'))).toEqual([403, '40300']);
    await control('POST', '/users/apple-listener/apple-music/expire-tokens');
    expect(refusal(await storefront(mine))).toEqual([403, '40300']);
    const again = await apple.userToken();
    expect((await storefront(again)).status).toBe(200);
    await control('POST', '/users/apple-listener/apple-music/revoke');
    expect(refusal(await storefront(again))).toEqual([403, '40300']);
    expect((await storefront(theirs)).status).toBe(200);
  });

  it('does not help a person whose subscription ended, until it is there again', async () => {
    const token = await apple.userToken();
    await control('POST', '/users/apple-listener/apple-music/subscription', { active: false });
    expect(refusal(await storefront(token))).toEqual([403, '40303']);
    await control('POST', '/users/apple-listener/apple-music/subscription', { active: true });
    expect((await storefront(token)).status).toBe(200);
  });

  it('is not one of Sign in with Apple', async () => {
    await control('POST', '/users/reviewer/apple/revoke');
    expect((await storefront(await apple.userToken('reviewer'))).status).toBe(200);
  });
});

describe('the stand-in for MusicKit', () => {
  it('asks in a window and gives the token that this window hands back', async () => {
    const page = browserPage();
    runInNewContext(await (await fetch(`${apple.base}/musickit.js`)).text(), page.globals);
    expect(page.events).toEqual(['musickitloaded']);
    await page.musicKit().configure({ developerToken: apple.token, app: { name: 'Tests', build: '1' } });
    const music = page.musicKit().getInstance();
    expect(music.isAuthorized).toBe(false);
    const waiting = music.authorize();

    const form = await (await fetch(page.opened())).text();
    expect(form).toContain('<select name="user">');
    page.post(await decide(form, 'approve'));
    const token = await waiting;
    expect((await storefront(token)).status).toBe(200);
    expect([music.isAuthorized, music.musicUserToken, await music.authorize()]).toEqual([true, token, token]);
  });

  it('rejects where the person refuses', async () => {
    const page = browserPage();
    runInNewContext(await (await fetch(`${apple.base}/musickit.js`)).text(), page.globals);
    const music = await page.musicKit().configure({ developerToken: apple.token });
    const waiting = expect(music.authorize()).rejects.toMatchObject({ errorCode: 'AUTHORIZATION_ERROR' });
    page.post(await decide(await (await fetch(page.opened())).text(), 'deny'));
    await waiting;
  });
});

/** Sends the form of the consent page as a browser does, and takes what its answer hands to the opener. */
async function decide(form: string, decision: string): Promise<{ data: unknown; target: string }> {
  const inputs = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]));
  const body = new URLSearchParams({ ...fields, user: 'apple-listener', decision });
  const answer = await fetch(`${apple.base}/authorize`, { method: 'POST', body, headers: { accept: 'text/html' } });
  const script = /<script>(.*)<\/script>/s.exec(await answer.text())?.[1] ?? '';
  const said: { data: unknown; target: string }[] = [];
  const opener = { postMessage: (data: unknown, target: string) => said.push({ data, target }) };
  runInNewContext(script, { window: { opener, close: () => undefined } });
  return said[0] ?? { data: null, target: '' };
}

interface Music {
  isAuthorized: boolean;
  musicUserToken?: string;
  authorize(): Promise<string>;
}

/** As much of a browser as the script touches. */
function browserPage() {
  const origin = 'http://127.0.0.1:1';
  const events: string[] = [];
  let listener: ((event: object) => void) | undefined;
  let opened = '';
  const child = { closed: false };
  const window: Record<string, unknown> = {
    open: (address: string) => {
      opened = address;
      return child;
    },
    addEventListener: (_name: string, listen: typeof listener) => (listener = listen),
    removeEventListener: () => (listener = undefined),
  };
  const document = { dispatchEvent: ({ type }: Event) => events.push(type) };
  return {
    events,
    globals: { window, document, location: { origin }, URL, URLSearchParams, Event, setInterval, clearInterval },
    musicKit: () => window['MusicKit'] as { configure(options: object): Promise<Music>; getInstance(): Music },
    opened: () => opened,
    post: ({ data, target }: { data: unknown; target: string }) => {
      expect(target).toBe(origin);
      listener?.({ source: child, origin: sandbox.url, data });
    },
  };
}
