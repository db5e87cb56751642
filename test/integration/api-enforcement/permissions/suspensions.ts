import { createScheduleActivities } from '../../../../activities/scheduled-enforcement';
import { accountJson } from '../../../../adapters/postgres/account-export-content';
import { createSession } from '../../../../adapters/postgres/sessions';
import { endSuspensions } from '../../../../adapters/postgres/suspending';
import { itemsOf, outcome, unknownId, type Caller, type Harness } from '../harness';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

export function testSuspensions(set: () => Harness): void {
  let boss: Caller;
  let person: Caller;
  const sql = <T>(statement: string, values: unknown[] = []) => set().rows.em.execute<T[]>(statement, values);
  const suspend = (body: Record<string, unknown> = { reason: 'They sent the same report 300 times.' }) =>
    boss.send('POST', `admin/users/${person.id}/suspend`, body);
  const unsuspend = (body?: Record<string, unknown>) => boss.send('POST', `admin/users/${person.id}/unsuspend`, body);
  const told = async () =>
    itemsOf(await person.get('me/notifications?unread=true')).filter(({ type }) => type !== 'decision.taken');
  /** Lets the time of a person's suspension be over. */
  const over = () =>
    sql(`update user_suspensions set until = now() where user_id = ? and ended_at is null`, [person.id]);
  const recorded = () =>
    sql(
      `select actor_id, event, outcome, details->>'code' as code from audit_entries where subject_type = 'user' and subject_id = ? order by id`,
      [person.id],
    );

  beforeEach(async () => {
    boss = await set().person({ roles: ['admin'], scopes: ['read', 'write', 'admin'] });
    person = await set().person();
  });

  it('say why, until when, and where to appeal, and are told', async () => {
    const until = inDays(7);
    const answer = await suspend({ reason: '  They sent the same report 300 times.  ', until });
    const suspension = { id: expect.any(String), reason: 'They sent the same report 300 times.', until };
    expect(answer).toMatchObject({ status: 200, body: { id: person.id, suspension } });
    const { id } = answer.body.suspension as { id: string };
    expect((await person.get('me')).body).toMatchObject({ suspension });
    expect((await person.get('artists?query=x')).body).toMatchObject({
      status: 403,
      code: 'suspended',
      params: { suspensionId: id, until },
      resource: { type: 'suspension', id, href: '/api/v1/me' },
      action: { code: 'appeal', href: '/api/v1/appeals' },
    });
    expect(await told()).toMatchObject([{ type: 'account.suspended', params: { suspensionId: id, until } }]);
    expect(
      await sql(
        `select d.measure, d.facts, d.rule, d.decider_id, n.capacity from decisions d join decision_notices n on n.decision_id = d.id
         join user_suspensions s on s.decision_id = d.id where n.user_id = ?`,
        [person.id],
      ),
    ).toEqual([
      {
        measure: 'suspend',
        facts: 'They sent the same report 300 times.',
        rule: 'conduct.misuse',
        decider_id: boss.id,
        capacity: 'suspended',
      },
    ]);
    expect(await recorded()).toEqual([{ actor_id: boss.id, event: 'user.suspended', outcome: 'done', code: null }]);
    const kept = await sql<{ text: string }>(
      `select string_agg(details::text, '') as text from audit_entries where subject_id = ?`,
      [person.id],
    );
    expect(kept[0]?.text).not.toContain('report');
  });

  it('are in their person’s file with the reason, and without who decided', async () => {
    await suspend();
    await unsuspend({ reason: 'A misunderstanding' });
    await person.send('PATCH', 'me', { version: 1 });
    let text = '';
    for await (const piece of accountJson(set().rows.em.fork(), person.id, new Date())) text += piece;
    const file = JSON.parse(text) as { suspensions: unknown[]; audit: { event: string; actorId: string | null }[] };
    expect(file.suspensions).toMatchObject([
      { reason: 'They sent the same report 300 times.', ending: 'lifted', liftReason: 'A misunderstanding' },
    ]);
    expect(file.audit.map(({ event, actorId }) => [event, actorId])).toEqual([
      ['user.suspended', null],
      ['user.unsuspended', null],
      ['user.changed', person.id],
    ]);
    expect(text).not.toContain(boss.id);
  });

  it('hold at once for the browser that is signed in, and let it see, undo, export and leave', async () => {
    const { api } = set();
    const { token } = await api.deps.orm.em
      .fork()
      .transactional((tx) => createSession(tx, { userId: person.id, userAgent: null, lifetime: api.config }));
    const headers = { cookie: `dnp_session=${token}`, origin: api.url };
    const send = (method: string, path: string, body?: unknown) =>
      api.call(method, `/api/v1/${path}`, { headers, body });
    expect((await send('PATCH', 'me', { version: 1 })).status).toBe(200);
    await suspend();
    expect(outcome(await send('PATCH', 'me', { version: 2 }))).toEqual([403, 'suspended']);
    expect((await api.call('GET', '/', { headers })).text).toContain('Your account is suspended');
    expect((await send('POST', 'me/export')).status).toBe(202);
    expect(outcome(await send('DELETE', 'me'))).toEqual([400, 'confirmation_required']);
    const connectionId = await set().rows.connection(person.id);
    const run = await set().rows.run(person.id, connectionId);
    await set().rows.actions(run.id, [{ status: 'applied' }]);
    expect((await send('POST', `enforcement/runs/${run.id}/rollback`, {})).status).toBe(202);
    const linking = await api.call('GET', '/api/v1/auth/google/start?purpose=link', { headers });
    expect(outcome(linking)).toEqual([403, 'suspended']);
    expect(outcome(await send('GET', 'connections/spotify/start'))).toEqual([403, 'suspended']);
    expect(outcome(await send('GET', `connections/spotify/start?connectionId=${unknownId}`))).toEqual([
      404,
      'not_found',
    ]);
  });

  it('end by themselves, at once for their person, and once on record', async () => {
    await suspend({ reason: 'A week of rest', until: inDays(7) });
    await over();
    expect((await person.get('me')).body).toMatchObject({ suspension: null });
    expect((await person.send('PATCH', 'me', { version: 1 })).status).toBe(200);
    const { em } = set().rows;
    await Promise.all([endSuspensions(em.fork()), endSuspensions(em.fork())]);
    await endSuspensions(em.fork());
    expect(await told()).toMatchObject([{ type: 'account.unsuspended', params: { ending: 'expired' } }]);
    expect((await recorded()).slice(1)).toEqual([
      { actor_id: null, event: 'user.suspension_expired', outcome: 'done', code: null },
    ]);
  });

  it('can follow one that nobody has seen the end of yet', async () => {
    await suspend({ reason: 'A week of rest', until: inDays(7) });
    await over();
    expect((await suspend()).status).toBe(200);
    expect(await sql(`select ending from user_suspensions where user_id = ? order by id`, [person.id])).toEqual([
      { ending: 'expired' },
      { ending: null },
    ]);
  });

  it('are ended before their time by an admin, and told', async () => {
    expect(outcome(await unsuspend())).toEqual([409, 'not_suspended']);
    await suspend();
    expect((await unsuspend({ reason: 'A misunderstanding' })).body).toMatchObject({ suspension: null });
    expect((await person.send('PATCH', 'me', { version: 1 })).status).toBe(200);
    expect(await told()).toMatchObject([{ type: 'account.unsuspended', params: { ending: 'lifted' } }]);
    expect(await recorded()).toEqual([
      { actor_id: boss.id, event: 'user.unsuspend', outcome: 'denied', code: 'not_suspended' },
      { actor_id: boss.id, event: 'user.suspended', outcome: 'done', code: null },
      { actor_id: boss.id, event: 'user.unsuspended', outcome: 'done', code: null },
    ]);
  });

  it('are one at a time, and nobody’s own', async () => {
    const both = await Promise.all([suspend(), suspend()]);
    expect(both.map(outcome).sort()).toEqual([
      [200, undefined],
      [409, 'already_suspended'],
    ]);
    const own = await boss.send('POST', `admin/users/${boss.id}/suspend`, { reason: 'A rest' });
    expect(outcome(own)).toEqual([403, 'own_case']);
    expect(outcome(await boss.send('POST', `admin/users/${unknownId}/suspend`, { reason: 'x' }))).toEqual([
      404,
      'not_found',
    ]);
  });

  it('take one of two admins who suspend each other', async () => {
    const other = await set().person({ roles: ['admin'], scopes: ['read', 'write', 'admin'] });
    const answers = await Promise.all([
      boss.send('POST', `admin/users/${other.id}/suspend`, { reason: 'Them' }),
      other.send('POST', `admin/users/${boss.id}/suspend`, { reason: 'No, them' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it.each([
    ['no reason', {}],
    ['an empty one', { reason: '  ' }],
    ['an end that is past', { reason: 'x', until: '2020-01-01T00:00:00Z' }],
    ['an end that is none', { reason: 'x', until: 'soon' }],
    ['a rule that there is not', { reason: 'x', rule: 'because' }],
  ])('are refused with %s', async (_what, body) => {
    expect(outcome(await suspend(body))).toEqual([400, 'invalid_request']);
  });

  it('let schedules rest, and what was planned meanwhile undone', async () => {
    const { orm, dispatcher } = set().api.deps;
    const schedules = createScheduleActivities({ orm, dispatcher, cap: { items: 50, percent: 2 } });
    const connectionId = await set().rows.connection(person.id);
    const path = `connections/${connectionId}/schedule`;
    await person.send('PUT', path, { mode: 'apply', weekday: 'monday', hour: 3 });
    const due = () =>
      sql(`update connection_schedules set next_due_at = now() where connection_id = ?`, [connectionId]);
    const turns = () =>
      sql<{ id: string; plan_id: string; status: string; reason: string | null }>(
        `select id, plan_id, status, reason from scheduled_enforcements where connection_id = ?`,
        [connectionId],
      );
    await due();
    expect((await schedules.startDueSchedules({ limit: 10 })).started).toBe(1);
    await suspend();
    const [turn] = await turns();
    await sql(`update plans set status = 'ready', ready_at = now() where id = ?`, [turn!.plan_id]);
    const artistId = await set().rows.artist('Nobody Here');
    await set().rows.items(turn!.plan_id, [{ uri: 'spotify:track:1', artistId }]);
    await schedules.endScheduled({ scheduledId: turn!.id });
    expect(await turns()).toMatchObject([{ status: 'skipped', reason: 'suspended' }]);
    await due();
    expect((await schedules.startDueSchedules({ limit: 10 })).started).toBe(0);
    await unsuspend();
    expect((await schedules.startDueSchedules({ limit: 10 })).started).toBe(1);
  });
}
