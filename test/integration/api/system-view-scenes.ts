import { createCallNotes, forgetCallHours } from '../../../adapters/postgres/provider-calls';
import { newId } from '../../../adapters/postgres/ids';
import { Rows } from '../api-enforcement/rows';
import type { ApiUnderTest } from './api-under-test';

type Body = Record<string, unknown>;

/** What admins see of the whole system, next to what there is. */
export function systemViewScenes(stage: () => { api: ApiUnderTest; admin: string }): void {
  const em = () => stage().api.deps.orm.em.fork();
  const sql = (text: string, values: unknown[] = []) => em().execute(text, values);
  const read = async (view: string, search = ''): Promise<Body> => {
    const { api, admin } = stage();
    const { status, body } = await api.call('GET', `/api/v1/analytics/system/${view}${search}`, { token: admin });
    expect(status).toBe(200);
    return body;
  };
  const rows = () => new Rows(stage().api.deps.orm);

  test('the overview counts people, connections, runs, jobs and starts as they are at one moment', async () => {
    const before = await read('overview');
    const { id: userId } = await stage().api.person();
    const connection = await rows().connection(userId, { health: 'needs_reconnect' });
    await rows().run(userId, connection, { status: 'waiting' });
    await rows().run(userId, connection, { status: 'needs_attention' });
    const job = await rows().job(userId, { type: 'plan', subjectType: 'plan', subjectId: newId(), status: 'failed' });
    await sql(`update jobs set failure_code = 'provider_unavailable', finished_at = now() where id = ?`, [job]);
    await sql(
      `insert into outbox (id, workflow_type, workflow_id, input, search_attributes, created_at) values (?, 'sweep', 'x', '{}', '{}', now() - interval '90 seconds')`,
      [newId()],
    );
    const after = await read('overview');
    const people = (body: Body) => body.people as Record<string, number>;
    expect(people(after)).toEqual({
      total: people(before).total! + 1,
      joinedLately: people(before).joinedLately! + 1,
      connected: people(before).connected! + 1,
      suspended: people(before).suspended,
    });
    expect(after).toMatchObject({
      connections: [{ provider: 'spotify', health: 'needs_reconnect', count: 1 }],
      runs: {
        open: [{ status: 'waiting', count: 1 }],
        endedLately: [{ status: 'needs_attention', count: 1 }],
      },
      jobs: {
        open: [{ type: 'enforce', status: 'waiting', count: 1 }],
        failedLately: [{ type: 'plan', code: 'provider_unavailable', count: 1 }],
      },
      starts: { waiting: 1 },
      versions: { app: '0.1.0', node: process.versions.node, schema: expect.stringMatching(/^\d{14}_\w+$/) },
    });
    expect((after.starts as { oldestSeconds: number }).oldestSeconds).toBeGreaterThanOrEqual(90);
    await sql(`delete from outbox`);
    await sql(`delete from users where id = ?`, [userId]);
  });

  test('providers: what all processes noted, by endpoint; a refusal is an answer, and what we ended ourselves is no call', async () => {
    const processes = [1, 2].map(() => createCallNotes(stage().api.deps.orm));
    for (const { note, flush } of processes) {
      note('spotify', { endpoint: 'library_save', outcome: 'ok', seconds: 0.2 });
      note('spotify', { endpoint: 'library_save', outcome: 'ok', seconds: 0.4 });
      note('spotify', { endpoint: 'library_save', outcome: 'outcome_unknown', seconds: 10 });
      note('spotify', { endpoint: 'library_save', outcome: 'cancelled', seconds: 5 });
      note('spotify', { endpoint: 'profile', outcome: 'unauthorized', seconds: 0.1 });
      await flush();
    }
    await sql(
      `insert into provider_call_hours (hour, provider, endpoint, outcome, calls, seconds)
       values (now() - interval '30 hours', 'spotify', 'profile', 'ok', 5, 1), (now() - interval '91 days', 'spotify', 'profile', 'ok', 7, 1)`,
    );
    await sql(
      `insert into provider_gates (quota, provider, tokens, closed_until, last_retry_after) values ('spotify-x', 'spotify', 0, now() + interval '1 hour', 3600)`,
    );
    const [spotify, apple] = (await read('providers')).providers as (Body & { averageMs: number })[];
    expect(spotify).toMatchObject({
      provider: 'spotify',
      calls: 10,
      errorRate: 2 / 8,
      gates: [{ quota: 'spotify-x', state: 'closed', lastRetryAfter: 3600 }],
      endpoints: [
        {
          endpoint: 'library_save',
          calls: 8,
          errorRate: 2 / 6,
          outcomes: [
            { outcome: 'cancelled', calls: 2 },
            { outcome: 'ok', calls: 4 },
            { outcome: 'outcome_unknown', calls: 2 },
          ],
        },
        { endpoint: 'profile', calls: 2, errorRate: 0, averageMs: null },
      ],
    });
    expect(spotify?.averageMs).toBeCloseTo(300, 6);
    expect(apple).toEqual({
      provider: 'apple_music',
      calls: 0,
      errorRate: null,
      averageMs: null,
      gates: [],
      endpoints: [],
    });
    expect((await read('providers', '?hours=48')).providers).toMatchObject([{ calls: 15 }, { calls: 0 }]);
    await forgetCallHours(em());
    expect(await sql(`select sum(calls)::int as calls from provider_call_hours`)).toEqual([{ calls: 15 }]);
    for (const table of ['provider_call_hours', 'provider_latencies', 'provider_gates'])
      await sql(`delete from ${table}`);
  });

  test('enforcement: runs and actions of everybody on the days they ended, counted as the actions say', async () => {
    const people = [await stage().api.person(), await stage().api.person()];
    for (const { id } of people) {
      const connection = await rows().connection(id);
      const { id: run } = await rows().run(id, connection, { status: 'partially_completed' });
      await rows().actions(
        run,
        (['applied', 'undone', 'skipped', 'failed', 'pending'] as const).map((status) => ({ status })),
      );
    }
    const { from: _from, to: today, ...body } = await read('enforcement');
    expect(body).toEqual({
      runs: [{ provider: 'spotify', runType: 'enforce', status: 'partially_completed', count: 2 }],
      actions: [
        { provider: 'spotify', actionType: 'unlike_track', outcome: 'applied', count: 4 },
        { provider: 'spotify', actionType: 'unlike_track', outcome: 'failed', count: 2 },
        { provider: 'spotify', actionType: 'unlike_track', outcome: 'skipped', count: 2 },
      ],
      providers: [
        {
          provider: 'spotify',
          applied: 4,
          skipped: 2,
          failed: 2,
          successRate: 4 / 6,
          itemsKeptOut: 2,
          secondsKeptOut: 0,
        },
      ],
    });
    expect(await read('enforcement', `?from=2020-01-01&to=2020-12-31`)).toMatchObject({ runs: [], providers: [] });
    for (const { id } of people) await sql(`delete from users where id = ?`, [id]);
    expect(await read('enforcement', `?to=${String(today)}`)).toMatchObject({ runs: [], actions: [], providers: [] });
  });

  test('moderation: what waits and for whom, and what was done in the days asked for', async () => {
    const opened = (state: string, hours: number, held = false) =>
      sql(
        `insert into moderation_cases (id, subject_type, subject_id, origin, priority, state, holder_id, held_until, opened_at, decided_at)
         values (?, 'offense', ?, 'report', 1, ?, ?, case when ? then now() + interval '1 hour' end, now() - make_interval(hours => ?),
           case when ? = 'decided' then now() end)`,
        [newId(), newId(), state, held ? newId() : null, held, hours, state],
      );
    await opened('open', 30);
    await opened('in_review', 20, true);
    await opened('changes_requested', 900);
    await opened('decided', 2);
    const decision = newId();
    await sql(
      `insert into decisions (id, subject_type, subject_id, decider_id, measure, facts, automated, policy_version, rule)
       values (?, 'offense', ?, ?, 'reject', 'x', false, '1', 'x')`,
      [decision, newId(), newId()],
    );
    await sql(
      `insert into appeals (id, decision_id, user_id, state, deadline_at, escalates_at, escalation_level)
       values (?, ?, ?, 'in_review', now() - interval '1 hour', now(), 1)`,
      [newId(), decision, (await stage().api.person()).id],
    );
    const body = await read('moderation');
    expect(body).toMatchObject({
      cases: {
        waiting: [
          { state: 'changes_requested', count: 1 },
          { state: 'in_review', count: 1 },
          { state: 'open', count: 1 },
        ],
        unclaimed: 1,
        opened: 3,
        decided: 1,
        reversed: 0,
        medianSeconds: 7200,
      },
      appeals: { open: [{ state: 'in_review', count: 1 }], escalated: 1, overdue: 1 },
    });
    const { oldestAt } = body.cases as { oldestAt: string };
    expect(Math.round((Date.now() - Date.parse(oldestAt)) / 3_600_000)).toBe(30);
  });

  test.each(['oauth', 'providers', 'enforcement', 'moderation'])(
    '%s as a file says what the view says',
    async (view) => {
      const { api, admin } = stage();
      const file = (format: string, token: string) =>
        api.call('GET', `/api/v1/analytics/export?view=system-${view}&format=${format}`, { token });
      const timeless = ({ from: _from, to: _to, ...rest }: Body) => rest;
      const json = await file('json', admin);
      expect(timeless(JSON.parse(json.text) as Body)).toEqual(timeless(await read(view)));
      expect((await file('csv', admin)).text).toMatch(/^figure,value\r?\n/);
      expect((await file('csv', (await api.person()).token)).body.code).toBe('role_missing');
    },
  );

  test.each(['overview', 'providers', 'enforcement', 'moderation'])(
    '%s is for admins, and that one looked is in the audit',
    async (view) => {
      const { api } = stage();
      const path = `/api/v1/analytics/system/${view}`;
      expect((await api.call('GET', path)).status).toBe(401);
      const { token: plain } = await api.person();
      expect((await api.call('GET', path, { token: plain })).body.code).toBe('role_missing');
      const looks = async () =>
        (await sql(`select id from audit_entries where event = ? and outcome = 'done'`, [`analytics.${view}_read`]))
          .length;
      const before = await looks();
      await read(view);
      expect(await looks()).toBe(before + 1);
    },
  );
}
