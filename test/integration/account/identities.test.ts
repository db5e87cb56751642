import type { Browser } from '../api/browser';
import { setStage, type Stage } from '../api/signed-in';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 60_000);
afterAll(() => stage.close());

interface Shown {
  id: string;
  provider: string;
}
const idOf = async (browser: Browser) => ((await stage.read(browser, '/auth/session')).body.user as { id: string }).id;
const identitiesOf = async (browser: Browser) =>
  (await stage.read(browser, '/me/identities')).body.items as (Shown & Record<string, unknown>)[];
async function unlink(browser: Browser, id: string): Promise<[number, Record<string, unknown>]> {
  const address = `${stage.api.url}/api/v1/me/identities/${id}`;
  const answer = await browser.fetch(address, { method: 'DELETE', headers: { origin: stage.api.url } });
  return [answer.status, (await answer.json()) as Record<string, unknown>];
}
/** A person with the sign-in accounts of two people of the sandbox's, the first one's session, and the second one's account's id. */
async function withTwo(first: string, second: string): Promise<{ browser: Browser; secondId: string }> {
  const [browser, other] = [await stage.signedIn(first), await stage.signedIn(second)];
  const [{ id: secondId } = { id: '' }] = await identitiesOf(other);
  await stage.rows(`update identities set user_id = ? where id = ?`, [await idOf(browser), secondId]);
  await stage.rows(`delete from users where id = ?`, [await idOf(other)]);
  return { browser, secondId };
}
const saidBy = async (jobId: unknown) =>
  (await stage.rows<{ params: unknown }>(`select params from job_milestones where job_id = ?`, [jobId])).map(
    ({ params }) => params,
  );
const revocations = async () =>
  (await stage.system.admin.calls())
    .filter(({ route }) => route.endsWith('/revoke'))
    .map(({ status, count }) => [status, count]);
const fault = (fields: Record<string, unknown>) =>
  stage.system.admin.fault({ service: 'google', route: '/revoke', ...fields });

test('the accounts that a person signs in with', async () => {
  const browser = await stage.signedIn('listener');
  expect((await stage.read(browser, '/me/identities')).body).toEqual({
    items: [
      {
        id: expect.any(String) as string,
        provider: 'google',
        email: 'listener@example.test',
        emailVerified: true,
        isPrivateEmail: false,
        createdAt: expect.any(String) as string,
        lastUsedAt: expect.any(String) as string,
      },
    ],
    nextCursor: null,
  });
});

test('the last one stays, and the try is recorded', async () => {
  const browser = await stage.signedIn('listener');
  const [only] = await identitiesOf(browser);
  const [status, body] = await unlink(browser, only!.id);
  expect([status, body.code]).toEqual([409, 'last_sign_in_method']);
  expect(await identitiesOf(browser)).toEqual([expect.objectContaining({ id: only!.id })]);
  expect(
    await stage.rows(`select event, outcome from audit_entries where subject_id = ? and outcome = 'denied'`, [
      only!.id,
    ]),
  ).toEqual([{ event: 'identity.unlinked', outcome: 'denied' }]);
});

test('somebody else’s, and nobody’s, are not there', async () => {
  const [mine, theirs] = [await stage.signedIn('listener'), await stage.signedIn('admin')];
  const [foreign] = await identitiesOf(theirs);
  for (const id of [foreign!.id, '01890000-0000-7000-8000-000000000000', 'x'])
    expect((await unlink(mine, id))[1].code).toBe('not_found');
  expect(await identitiesOf(theirs)).toHaveLength(1);
});

test('a removed account is out at once, is taken back at its provider, and is a new person’s if it comes again', async () => {
  const { browser, secondId } = await withTwo('listener', 'second-listener');
  const before = await revocations();
  expect(before).toEqual([]);
  const [status, body] = await unlink(browser, secondId);
  expect(status).toBe(202);
  expect(await identitiesOf(browser)).toHaveLength(1);
  expect(await stage.system.jobEnd(String(body.jobId))).toMatchObject({ status: 'completed' });
  expect(await revocations()).toEqual([[200, 1]]);
  expect(await saidBy(body.jobId)).toEqual([{ provider: 'google', revokedAtProvider: 'true' }]);
  expect((await stage.read(browser, `/jobs/${String(body.jobId)}`)).body).toMatchObject({
    type: 'unlink_identity',
    phase: 'revoked',
  });
  expect(await stage.rows(`select owner_id from credentials where owner_id = ?`, [secondId])).toEqual([]);
  const events = await stage.rows(
    `select event, outcome from audit_entries where subject_id = ? and event <> 'identity.linked' order by id`,
    [secondId],
  );
  expect(events).toEqual([
    { event: 'identity.unlinked', outcome: 'done' },
    { event: 'identity.revoked', outcome: 'done' },
  ]);
  expect((await unlink(browser, secondId))[1].jobId).toBe(body.jobId);
  expect(await idOf(await stage.signedIn('second-listener'))).not.toBe(await idOf(browser));
});

test('two removals at once leave one account', async () => {
  const { browser } = await withTwo('moderator', 'reviewer');
  const both = await identitiesOf(browser);
  const answers = await Promise.all(both.map(({ id }) => unlink(browser, id)));
  expect(answers.map(([status]) => status).sort()).toEqual([202, 409]);
  expect(await identitiesOf(browser)).toHaveLength(1);
});

test('a provider that stumbles is asked again', async () => {
  const { browser, secondId } = await withTwo('admin', 'second-listener');
  await fault({ status: 503, times: 2 });
  const [, body] = await unlink(browser, secondId);
  await stage.system.jobEnd(String(body.jobId));
  expect(await saidBy(body.jobId)).toEqual([{ provider: 'google', revokedAtProvider: 'true' }]);
});

test('a provider that stays away is given up after a minute: the account is gone here all the same', async () => {
  const { browser, secondId } = await withTwo('listener', 'apple-listener');
  await fault({ status: 503, times: 100 });
  const [, body] = await unlink(browser, secondId);
  expect(await stage.system.jobEnd(String(body.jobId))).toMatchObject({ status: 'completed' });
  expect(await saidBy(body.jobId)).toEqual([{ provider: 'google', revokedAtProvider: 'false' }]);
  expect((await stage.read(browser, `/jobs/${String(body.jobId)}`)).body.phase).toBe('not_revoked');
  expect(await stage.rows(`select owner_id from credentials where owner_id = ?`, [secondId])).toEqual([]);
  await stage.system.admin.clearFaults();
}, 150_000);
