import { settle, type Settled } from '../integration/api/account-story';
import { fault, setStage, type Stage } from '../integration/api/signed-in';
import { faultScenes } from '../support/fault-scenes';
import { type KillPoint, nameOf } from '../support/kill-points';
import { shapeOf } from '../support/sandbox-admin';
import { startVictim, type Victim } from '../support/victim';

/**
 * A worker dies by SIGKILL at each kind of step of an erasure, while a rollback and a sync of that person's are open; another
 * one finishes, and the end is the same.
 */
const commit = (when: KillPoint['when'], label: string): KillPoint => ({ kind: 'commit', when, label, n: 1 });
const revocation = (when: KillPoint['when']): KillPoint => ({
  kind: 'call',
  when,
  label: 'POST /google/revoke',
  n: 1,
});
const everyDeath: [user: string, KillPoint][] = [
  ['listener', commit('before', 'close')],
  ['second-listener', commit('after', 'close')],
  ['apple-listener', revocation('before')],
  ['moderator', revocation('after')],
  ['reviewer', commit('before', 'removeAll')],
  ['admin', commit('after', 'removeAll')],
];
/** Each costs a heartbeat's silence: the short list has the two after which the most is done and nothing is recorded. */
const sample = ['moderator', 'admin'];
const deaths = process.env.LONG ? everyDeath : everyDeath.filter(([user]) => sample.includes(user));

const { record, plays, complete } = faultScenes('erase-account.test.ts');
plays('an account deleted', 'Spotify, development');

let stage: Stage;
let worker: Victim;
const settled = new Map<string, Settled>();

beforeAll(async () => {
  stage = await setStage();
  for (const [user] of deaths) settled.set(user, await settle(stage, user));
  await stage.stopWorkers();
  // From now on whatever calls Spotify waits, so that it is open when its person leaves.
  await fault(stage.system, { service: 'spotify', status: 429, retryAfter: 3_600, times: 1_000 });
  worker = await startVictim(stage.system);
}, 300_000);
afterAll(async () => {
  await worker?.kill();
  await stage?.close();
});

test.each(deaths.map(([user, kill]) => [nameOf(kill), user, kill] as const))(
  'a worker killed %s: another finishes the erasure',
  async (_name, user, kill) => {
    const { userId, connectionId, runId, send } = settled.get(user) as Settled;
    await send('POST', `enforcement/runs/${runId}/rollback`, {});
    await send('POST', `connections/${connectionId}/library-sync`);
    const next = await startVictim(stage.system);
    worker.work(kill);
    expect((await send('DELETE', 'me', { confirmation: 'erase my account' })).status).toBe(202);
    const ended = stage.system.client.workflow.getHandle(`erase-account:${userId}`).result();
    const died = await Promise.race([worker.gone.then(() => true), ended.then(() => false)]);
    expect(died ? [] : worker.steps()).toEqual([]);
    worker = next;
    worker.work(null);
    await ended;

    const [left] = await stage.rows<Record<string, number>>(
      `select (select count(*)::int from users where id = ?) as users,
         (select count(*)::int from connections where user_id = ?) as connections,
         (select count(*)::int from credentials where owner_id = ? or owner_id not in
           (select id from identities union all select id from connections)) as credentials,
         (select count(*)::int from audit_entries where event = 'user.erased' and actor_id = ?) as recorded`,
      [userId, userId, connectionId, userId],
    );
    expect(left).toEqual({ users: 0, connections: 0, credentials: 0, recorded: 1 });
    const [erased] = await stage.rows<{ details: Record<string, number> }>(
      `select details from audit_entries where event = 'user.erased' and actor_id = ?`,
      [userId],
    );
    // Asked for twice where the answer to the first request died with the worker.
    expect((erased?.details.revoked ?? 0) + (erased?.details.alreadyGone ?? 0)).toBe(1);
    expect(erased?.details.failed).toBe(0);
    expect((await send('GET', 'me')).status).toBe(401);
  },
  240_000,
);

/** Named by no table but the audit trail, which keeps ids alone. */
async function tablesNaming(ids: readonly string[]): Promise<string[]> {
  const tables = await stage.rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const naming: string[] = [];
  for (const { name } of tables) {
    const found = await stage.rows(
      `select from ${name} t where exists (select from jsonb_array_elements_text(?::jsonb) i where row_to_json(t)::text like '%' || i || '%') limit 1`,
      [JSON.stringify(ids)],
    );
    if (found.length > 0) naming.push(name);
  }
  return naming;
}

test('an account that is deleted while a run takes things out: the run ends, nothing more is written, no row stays', async () => {
  const { admin } = stage.system;
  await admin.clearFaults();
  worker.work(null);
  await stage.rows(`delete from provider_gates`);
  const user = 'listener';
  const { userId, connectionId, small, send, plan } = await settle(stage, user);
  await admin.setLibrary(user, small.library);
  const sync = await send('POST', `connections/${connectionId}/library-sync`);
  await stage.system.jobEnd(String(sync.body.jobId));
  const planId = await plan();
  await fault(stage.system, { service: 'spotify', delayMs: 300, times: 1_000 });
  const run = await send('POST', `enforcement/plans/${planId}/execute`, { confirm: true });
  const runId = String(run.body.runId);
  while ((await stage.rows(`select from actions where run_id = ? and status = 'applied'`, [runId])).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await send('DELETE', 'me', { confirmation: 'erase my account' })).status).toBe(202);
  const ofRun = stage.system.client.workflow.getHandle(`run:${runId}`);
  await stage.system.client.workflow.getHandle(`erase-account:${userId}`).result();

  // What was taken out stays out, as the person was told: undo ends with the account. Nothing else was touched.
  const left = await admin.library(user);
  const isPart = (part: readonly string[], of: readonly string[]) => part.every((one) => of.includes(one));
  const [now, all, without] = [shapeOf(left), shapeOf(small.library), shapeOf(small.without)];
  for (const kind of ['likes', 'albums', 'follows'] as const)
    expect([isPart(without[kind], now[kind]), isPart(now[kind], all[kind])]).toEqual([true, true]);
  for (const [id, uris] of Object.entries(now.playlists))
    expect([all.playlists[id], without.playlists[id]]).toContainEqual(uris);
  expect(now).not.toEqual(all);
  expect((await ofRun.describe()).status.name).not.toBe('RUNNING');
  await admin.clearFaults();
  expect(await tablesNaming([userId, connectionId, runId, planId])).toEqual(['audit_entries']);
  const [audited] = await stage.rows<{ n: number }>(
    `select count(*)::int as n from audit_entries where event = 'user.erased' and actor_id = ?`,
    [userId],
  );
  expect(audited).toEqual({ n: 1 });
  expect(shapeOf(await admin.library(user))).toEqual(now);
  record(
    'an account deleted',
    'Spotify, development',
    'in the middle of a run: what was out stays out, no row stays',
    true,
  );
}, 240_000);

complete();
