import type { Browser } from '../api/browser';
import { setStage, type Stage } from '../api/signed-in';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 60_000);
afterAll(() => stage.close());

const origin = () => ({ origin: stage.api.url, 'content-type': 'application/json' });
async function send(browser: Browser, path: string, body: unknown = {}) {
  const init = { method: 'POST', headers: origin(), body: JSON.stringify(body) };
  const answer = await browser.fetch(`${stage.api.url}/api/v1/${path}`, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const idOf = async (browser: Browser) => ((await stage.read(browser, '/auth/session')).body.user as { id: string }).id;
/** Proves that another person's sign-in account is theirs too, and is offered a merge. */
async function offered(browser: Browser, user: string): Promise<string> {
  const landed = await browser.finish(await browser.consent(`${stage.signInUrl}?purpose=link`, { user }));
  expect(landed.searchParams.get('error')).toBe('identity_belongs_to_another');
  return landed.searchParams.get('mergeId') ?? '';
}

test('two accounts become one and two again, and sign-in follows', async () => {
  const mine = await stage.signedIn('listener');
  const theirs = await stage.signedIn('second-listener');
  const [me, them] = [await idOf(mine), await idOf(theirs)];
  const landed = await theirs.finish(await theirs.consent(stage.connectUrl, { user: 'second-listener' }));
  await stage.system.jobEnd(landed.searchParams.get('jobId') ?? '');
  const connectionId = landed.searchParams.get('connectionId');
  const id = await offered(mine, 'second-listener');

  const confirmed = await send(mine, `me/merges/${id}/confirm`, { confirm: true });
  expect(confirmed.status).toBe(202);
  expect(await stage.system.jobEnd(String(confirmed.body.jobId))).toMatchObject({ status: 'completed' });
  expect((await stage.read(theirs, '/auth/session')).status).toBe(401);
  expect((await stage.read(mine, '/connections')).body.items).toMatchObject([{ id: connectionId }]);
  expect((await stage.read(mine, '/me/identities')).body.items).toHaveLength(2);
  expect(await idOf(await stage.signedIn('second-listener'))).toBe(me);
  expect((await stage.read(mine, `/me/merges/${id}`)).body).toMatchObject({ status: 'merged' });

  const undone = await Promise.all([send(mine, `me/merges/${id}/undo`), send(mine, `me/merges/${id}/undo`)]);
  expect(undone.map(({ status }) => status)).toEqual([202, 202]);
  expect(new Set(undone.map(({ body }) => body.jobId)).size).toBe(1);
  expect(await stage.system.jobEnd(String(undone[0]!.body.jobId))).toMatchObject({ status: 'completed' });
  const again = await stage.signedIn('second-listener');
  expect(await idOf(again)).toBe(them);
  expect((await stage.read(again, '/connections')).body.items).toMatchObject([{ id: connectionId }]);
  expect((await stage.read(mine, '/connections')).body.items).toEqual([]);
  expect(await idOf(mine)).toBe(me);
  const events = await stage.rows(
    `select event, outcome from audit_entries where subject_id = ? and event like 'account_merge.%' order by id`,
    [id],
  );
  expect(events).toEqual(
    ['offered', 'confirmed', 'merged', 'undo_requested', 'undone'].map((verb) => ({
      event: `account_merge.${verb}`,
      outcome: 'done',
    })),
  );
});

test('while two accounts are one, each side keeps a way to sign in', async () => {
  const mine = await stage.signedIn('moderator');
  await stage.signedIn('reviewer');
  const id = await offered(mine, 'reviewer');
  const { body } = await send(mine, `me/merges/${id}/confirm`, { confirm: true });
  await stage.system.jobEnd(String(body.jobId));
  const items = (await stage.read(mine, '/me/identities')).body.items as { id: string }[];
  expect(items).toHaveLength(2);
  for (const item of items) {
    const answer = await mine.fetch(`${stage.api.url}/api/v1/me/identities/${item.id}`, {
      method: 'DELETE',
      headers: { origin: stage.api.url },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'last_sign_in_method']);
  }
});
