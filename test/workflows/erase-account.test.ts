import { settle, type Settled } from '../integration/api/account-story';
import { fault, setStage, type Stage } from '../integration/api/signed-in';
import { type KillPoint, nameOf } from '../support/kill-points';
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
