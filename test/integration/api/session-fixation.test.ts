import { createSession } from '../../../adapters/postgres/sessions';
import { newSecret } from '../../../adapters/postgres/token-hash';
import { Browser } from './browser';
import { setStage, type Stage } from './signed-in';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

/** A browser into which somebody put a session's cookie of their choice. */
class PlantedBrowser extends Browser {
  constructor(readonly planted: string) {
    super();
  }
  override cookiesFor(address: string): Record<string, string> {
    const own = super.cookiesFor(address);
    return address.startsWith(stage.api.url) ? { dnp_session: this.planted, ...own } : own;
  }
}
const whoIs = async (token: string) => {
  const answer = await stage.api.call('GET', '/api/v1/auth/session', { headers: { cookie: `dnp_session=${token}` } });
  return answer.status === 200 ? (answer.body.user as { email: string | null }).email : null;
};
async function signInWith(planted: string): Promise<string> {
  const browser = new PlantedBrowser(planted);
  const landed = await browser.finish(await browser.consent(stage.signInUrl, { user: 'listener' }));
  expect(landed.searchParams.get('result')).toBe('ok');
  return browser.cookiesFor(stage.api.url).dnp_session ?? '';
}

it('a session’s id that somebody planted before the sign-in never becomes the person’s', async () => {
  const planted = newSecret();
  const given = await signInWith(planted);
  expect(given).not.toBe(planted);
  expect([await whoIs(given), await whoIs(planted)]).toEqual(['listener@example.test', null]);
});

it('neither does a live session of the attacker’s own, which ends', async () => {
  const { id: userId } = await stage.api.person({ email: 'attacker@example.test' });
  const planted = await createSession(stage.system.orm.em.fork(), {
    userId,
    userAgent: null,
    lifetime: stage.api.config,
  });
  expect(await whoIs(planted.token)).toBe('attacker@example.test');
  const given = await signInWith(planted.token);
  expect(given).not.toBe(planted.token);
  expect([await whoIs(given), await whoIs(planted.token)]).toEqual(['listener@example.test', null]);
});

it('each sign-in gives an id of its own', async () => {
  const ids = [await signInWith('x'), await signInWith('x'), await signInWith('x')];
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[\w-]{43}$/);
});
