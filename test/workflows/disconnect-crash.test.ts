import { settle, type Settled } from '../integration/api/account-story';
import { fault, setStage, type Stage } from '../integration/api/signed-in';
import { type KillPoint, nameOf } from '../support/kill-points';
import { startVictim, type Victim } from '../support/victim';

/**
 * A worker dies by SIGKILL at each kind of step of a disconnecting, while a rollback and a sync of that connection are open;
 * another one finishes, and the end is the same.
 */
const commit = (when: KillPoint['when'], label: string, n = 1): KillPoint => ({ kind: 'commit', when, label, n });
const everyDeath: [user: string, KillPoint][] = [
  ['listener', commit('before', 'closeRows')],
  ['second-listener', commit('after', 'closeRows')],
  ['moderator', commit('before', 'removeConnection')],
  ['admin', commit('after', 'removeConnection')],
];
/** Each costs a heartbeat's silence: the short list has the one after which the most is done and nothing is recorded. */
const sample = ['second-listener'];
const deaths = process.env.LONG ? everyDeath : everyDeath.filter(([user]) => sample.includes(user));

let stage: Stage;
let worker: Victim;
const settled = new Map<string, Settled>();

beforeAll(async () => {
  stage = await setStage();
  for (const [user] of deaths) settled.set(user, await settle(stage, user));
  await stage.stopWorkers();
  // From now on whatever calls Spotify waits, so that it is open when its connection is taken away.
  await fault(stage.system, { service: 'spotify', status: 429, retryAfter: 3_600, times: 1_000 });
  worker = await startVictim(stage.system);
}, 300_000);
afterAll(async () => {
  await worker?.kill();
  await stage?.close();
});

test.each(deaths.map(([user, kill]) => [nameOf(kill), user, kill] as const))(
  'a worker killed %s: another finishes the disconnecting',
  async (_name, user, kill) => {
    const { userId, connectionId, runId, send } = settled.get(user) as Settled;
    const rollback = await send('POST', `enforcement/runs/${runId}/rollback`, {});
    await send('POST', `connections/${connectionId}/library-sync`);
    const next = await startVictim(stage.system);
    worker.work(kill);
    const asked = await send('DELETE', `connections/${connectionId}`, { confirm: true });
    expect(asked.status).toBe(202);
    const ended = stage.system.client.workflow.getHandle(`disconnect:${connectionId}`).result();
    const died = await Promise.race([worker.gone.then(() => true), ended.then(() => false)]);
    expect(died ? [] : worker.steps()).toEqual([]);
    worker = next;
    worker.work(null);
    await ended;

    const [left] = await stage.rows<Record<string, number>>(
      `select (select count(*)::int from connections where id = ?) as connections,
         (select count(*)::int from credentials where owner_id = ?) as credentials,
         (select count(*)::int from runs where connection_id = ?) as runs,
         (select count(*)::int from plans where connection_id = ?) as plans,
         (select count(*)::int from library_generations where connection_id = ?) as libraries,
         (select count(*)::int from jobs where user_id = ? and finished_at is null) as open,
         (select count(*)::int from job_milestones where job_id = ?) as milestones,
         (select count(*)::int from person_events where user_id = ? and type = 'connection.deleted') as told,
         (select count(*)::int from audit_entries where event = 'connection.deleted' and subject_id = ?) as recorded`,
      [...Array.from({ length: 5 }, () => connectionId), userId, String(asked.body.jobId), userId, connectionId],
    );
    const nothing = { connections: 0, credentials: 0, runs: 0, plans: 0, libraries: 0, open: 0 };
    expect(left).toEqual({ ...nothing, milestones: 1, told: 1, recorded: 1 });
    expect(await stage.system.jobEnd(String(asked.body.jobId))).toMatchObject({ status: 'completed' });
    expect((await stage.system.jobEnd(String(rollback.body.jobId))).status).not.toBe('completed');
    expect((await send('GET', `connections/${connectionId}`)).status).toBe(404);
    expect((await send('GET', 'me')).status).toBe(200);
  },
  240_000,
);
