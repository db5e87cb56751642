import { createScheduleActivities } from '../../../activities/scheduled-enforcement';
import { itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let schedules: ReturnType<typeof createScheduleActivities>;
let person: Caller;
let [connectionId, artistId, path] = ['', '', ''];

beforeAll(async () => {
  harness = await startHarness({}, { UNATTENDED_CAP_ITEMS: '2', UNATTENDED_CAP_PERCENT: '10' });
  const { orm, dispatcher, config } = harness.api.deps;
  const cap = { items: config.UNATTENDED_CAP_ITEMS, percent: config.UNATTENDED_CAP_PERCENT };
  schedules = createScheduleActivities({ orm, dispatcher, cap });
  artistId = await harness.rows.artist('First', 'first');
});
beforeEach(async () => {
  await sql(`delete from connection_schedules`);
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
  path = `connections/${connectionId}/schedule`;
});
afterAll(() => harness.api.close());

const sql = <T = Record<string, unknown>>(statement: string, values: unknown[] = []) =>
  harness.api.deps.orm.em.fork().execute<T[]>(statement, values);
const weekly = { mode: 'apply', weekday: 'monday', hour: 3 };
/** Switches it on and lets its turn come, some weeks ago. */
async function due(change: Record<string, unknown> = {}): Promise<void> {
  const answer = await person.send('PUT', path, { ...weekly, ...change });
  expect([200, 201]).toContain(answer.status);
  await sql(`update connection_schedules set next_due_at = now() - interval '20 days' where connection_id = ?`, [
    connectionId,
  ]);
}
const start = async () => (await schedules.startDueSchedules({ limit: 10 })).started;
const turns = () =>
  sql<{ id: string; plan_id: string; status: string; reason: string | null; run_id: string | null }>(
    `select id, plan_id, status, reason, run_id from scheduled_enforcements where connection_id = ? order by due_at`,
    [connectionId],
  );
/** Takes the turn, and has its plan ready with so many items. */
async function planned(items: number, status = 'ready'): Promise<{ id: string; planId: string }> {
  expect(await start()).toBe(1);
  const turn = (await turns()).at(-1)!;
  await sql(`update plans set status = ?, failure_code = 'provider_unavailable', ready_at = now() where id = ?`, [
    status,
    turn.plan_id,
  ]);
  await harness.rows.items(
    turn.plan_id,
    Array.from({ length: items }, (_, n) => ({ uri: `spotify:track:${n}`, artistId })),
  );
  return { id: turn.id, planId: turn.plan_id };
}
const ended = async (id: string) => {
  await Promise.all([schedules.endScheduled({ scheduledId: id }), schedules.endScheduled({ scheduledId: id })]);
  return (await turns()).at(-1)!;
};
const told = async () => itemsOf(await person.get('me/notifications'));

describe('switching it on', () => {
  it('shows when its turn comes, and what it may do', async () => {
    expect(outcome(await person.get(path))).toEqual([404, 'not_found']);
    const made = await person.send('PUT', path, {
      ...weekly,
      timeZone: 'Europe/Berlin',
      switches: { featured: false },
    });
    expect(made.status).toBe(201);
    const next = new Date(String(made.body.nextAt));
    expect(next.getTime()).toBeGreaterThan(Date.now());
    const shown = new Intl.DateTimeFormat('en-US', {
      timeZone: 'Europe/Berlin',
      weekday: 'long',
      hour: 'numeric',
      hourCycle: 'h23',
    });
    expect(shown.format(next)).toMatch(/^Monday,? 03$/);
    expect(made.body).toMatchObject({
      ...weekly,
      preset: 'standard',
      switches: { featured: false },
      cap: { items: 2, percent: 10 },
      last: null,
      version: 1,
    });
    const changed = await person.send('PUT', path, { ...weekly, mode: 'notify', version: 1 });
    expect(changed).toMatchObject({ status: 200, body: { mode: 'notify', timeZone: 'UTC', version: 2 } });
    expect(outcome(await person.send('PUT', path, { ...weekly, version: 1 }))).toEqual([409, 'version_conflict']);
    expect((await person.send('DELETE', path)).status).toBe(204);
    expect(outcome(await person.send('DELETE', path))).toEqual([404, 'not_found']);
  });

  it.each([
    ['a mode', { mode: 'always' }],
    ['a weekday', { weekday: 'someday' }],
    ['an hour', { hour: 24 }],
    ['a time zone', { timeZone: "UTC'; drop table users" }],
    ['anything else', { cap: 1_000 }],
  ])('refuses %s that there is not', async (_what, change) => {
    expect(outcome(await person.send('PUT', path, { ...weekly, ...change }))).toEqual([400, 'invalid_request']);
  });

  it('refuses a connection whose library is not read', async () => {
    await sql(`update connections set provider = 'apple_music' where id = ?`, [connectionId]);
    const answer = await person.send('PUT', path, weekly);
    // Read or not: the rule is the provider's, not the schedule's.
    const sync = await person.send('POST', `connections/${connectionId}/library-sync`, {});
    expect(answer.status === 201).toBe(sync.status === 202);
  });
});

describe('its turn', () => {
  it('comes once, however many weeks were missed and however many take it', async () => {
    await due();
    const started = await Promise.all([start(), start(), start()]);
    expect(started.reduce((sum, one) => sum + one)).toBe(1);
    await sql(`update plans set status = 'failed' where connection_id = ?`, [connectionId]);
    expect(await start()).toBe(0);
    expect(await turns()).toHaveLength(1);
    expect(new Date(String((await person.get(path)).body.nextAt)).getTime()).toBeGreaterThan(Date.now());
    const [job] = await sql(
      `select o.workflow_type, o.workflow_id from outbox o join plans p on o.input->>'planId' = p.id::text where p.connection_id = ?`,
      [connectionId],
    );
    expect(job).toEqual({ workflow_type: 'enforceScheduled', workflow_id: `scheduled:${(await turns())[0]!.id}` });
  });

  it.each([
    [
      'a run is under way',
      `insert into connection_locks (connection_id, run_id) values (?, gen_random_uuid())`,
      `delete from connection_locks where connection_id = ?`,
    ],
    [
      'it must be renewed',
      `update connections set health = 'needs_reconnect' where id = ?`,
      `update connections set health = 'healthy' where id = ?`,
    ],
  ])('waits while %s', async (_why, begin, over) => {
    await due();
    await sql(begin, [connectionId]);
    expect(await start()).toBe(0);
    expect(await turns()).toEqual([]);
    await sql(over, [connectionId]);
    expect(await start()).toBe(1);
  });

  it('does not come for somebody who leaves', async () => {
    await due();
    await harness.rows.job(person.id, { type: 'erase_account', subjectType: 'user', subjectId: person.id });
    expect(await start()).toBe(0);
  });
});

describe('the end of a turn', () => {
  it('is one run, up to the cap', async () => {
    await due();
    const { id, planId } = await planned(2);
    const turn = await ended(id);
    expect(turn).toMatchObject({ status: 'applied', reason: null });
    const runs = itemsOf(await person.get('enforcement/runs'));
    expect(runs).toMatchObject([{ id: turn.run_id, planId, startedBy: 'schedule', counts: { included: 2 } }]);
    expect((await person.get(path)).body.last).toMatchObject({ status: 'applied', planId, runId: turn.run_id });
    expect(await told()).toEqual([]);
  });

  it('is the plan with the reason above the cap, which grows with the library', async () => {
    await due();
    const { id, planId } = await planned(3);
    expect(await ended(id)).toMatchObject({ status: 'notified', reason: 'above_cap', run_id: null });
    expect(await told()).toMatchObject([
      {
        type: 'schedule.plan_ready',
        params: { planId, items: 3, most: 2, reason: 'above_cap' },
        href: `/api/v1/enforcement/plans/${planId}`,
      },
    ]);
    const ids = Array.from({ length: 30 }, (_, n) => `track${n}`);
    const tracks = ids.map((track) => ({ id: track, name: track, artistId: 'first', artist: 'First' }));
    await harness.rows.library(connectionId, {
      tracks,
      likes: ids.slice(0, 10),
      playlists: [
        { id: 'mine', name: 'Mine', ownerId: 'me', tracks: ids.slice(0, 20) },
        { id: 'theirs', name: 'Theirs', ownerId: 'somebody', tracks: ids },
      ],
    });
    await due();
    const second = await planned(4);
    await sql(`update plans set generation_id = (select generation_id from connections where id = ?) where id = ?`, [
      connectionId,
      second.planId,
    ]);
    // A tenth of ten likes and twenty places: three. What somebody else made does not count.
    expect(await ended(second.id)).toMatchObject({ status: 'notified', reason: 'above_cap' });
    expect(await told()).toMatchObject([{ params: { items: 4, most: 3 } }]);
  });

  it.each([
    ['asked to be told', { mode: 'notify' }, 1, '', ['notified', 'asked_to_notify']],
    ['with nothing to do', {}, 0, '', ['nothing', null]],
    [
      'with nothing but what is done by hand',
      {},
      2,
      `update plan_items set item_type = 'manual', included = false, action_type = 'none' where plan_id in (select id from plans where connection_id = ?)`,
      ['notified', 'by_hand'],
    ],
    [
      'with a checklist that rests on names alone',
      {},
      1,
      `update plan_items set item_type = 'manual', included = false, needs_review = true where plan_id in (select id from plans where connection_id = ?)`,
      ['nothing', null],
    ],
    [
      'switched off meanwhile',
      {},
      1,
      `delete from connection_schedules where connection_id = ?`,
      ['skipped', 'switched_off'],
    ],
    [
      'in need of renewal',
      {},
      1,
      `update connections set health = 'needs_reconnect' where id = ?`,
      ['skipped', 'connection_unusable'],
    ],
    [
      'busy',
      {},
      1,
      `insert into connection_locks (connection_id, run_id) values (?, gen_random_uuid())`,
      ['notified', 'connection_busy'],
    ],
    [
      'with a plan that is stale',
      {},
      1,
      `update plans set status = 'stale' where connection_id = ?`,
      ['notified', 'plan_stale'],
    ],
    ['with a plan that was thrown away', {}, 1, `delete from plans where connection_id = ?`, ['skipped', 'plan_gone']],
    [
      'with a plan that failed',
      {},
      1,
      `update plans set status = 'failed' where connection_id = ?`,
      ['failed', 'provider_unavailable'],
    ],
  ] as const)('of one that is %s changes nothing', async (_what, change, items, meanwhile, [status, reason]) => {
    await due(change);
    const { id } = await planned(items);
    if (meanwhile) await sql(meanwhile, [connectionId]);
    expect(await ended(id)).toMatchObject({ status, reason, run_id: null });
    expect(itemsOf(await person.get('enforcement/runs'))).toEqual([]);
    const messages = await told();
    expect(messages).toHaveLength(status === 'notified' || status === 'failed' ? 1 : 0);
    if (reason === 'by_hand') expect(messages).toMatchObject([{ params: { items, reason } }]);
  });

  it('comes also where its workflow was ended from outside', async () => {
    await due();
    const { id } = await planned(1, 'preparing');
    await schedules.endLeftScheduled({ olderThanSeconds: 60, limit: 10 });
    expect((await turns())[0]).toMatchObject({ status: 'preparing' });
    await sql(`update plans set status = 'failed', failure_code = 'terminated' where connection_id = ?`, [
      connectionId,
    ]);
    await sql(
      `update jobs set finished_at = now() - interval '2 minutes' where subject_id = (select plan_id from scheduled_enforcements where id = ?)`,
      [id],
    );
    await schedules.endLeftScheduled({ olderThanSeconds: 60, limit: 10 });
    expect((await turns())[0]).toMatchObject({ status: 'failed', reason: 'terminated' });
  });
});
