import { accountJson } from '../../../../adapters/postgres/account-export-content';
import { muteSubmitter } from '../../../../adapters/postgres/submission-mutes';
import { TwoPeople } from '../../account/two-people';
import { itemsOf, outcome, unknownId, type Caller, type Harness } from '../harness';
import { newOffense, recordedAbout, setStatus, source, submitted } from './stage';

export function testMutedSubmitters(set: () => Harness): void {
  let boss: Caller;
  let person: Caller;
  const path = (userId: string) => `moderation/muted-submitters/${userId}`;
  const mute = (userId: string, body: unknown = { reason: 'Ten false entries' }) =>
    boss.send('PUT', path(userId), body);
  const unmute = (userId: string) => boss.send('DELETE', path(userId));
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const told = async () => itemsOf(await person.get('me/notifications?unread=true'));
  const submit = async () => person.send('POST', 'offenses', newOffense(await set().rows.artist('Somebody Invented')));

  beforeEach(async () => {
    boss = await set().person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
    person = await set().person();
  });

  it('submit nothing, know why and until when, and are told', async () => {
    const { id, version } = await submitted(set(), person);
    const shown = await submitted(set(), await set().person());
    await setStatus(set(), shown.id, 'sources_verified');
    const until = inDays(7);
    const answer = await mute(person.id, { reason: ' Ten false entries ', until });
    expect(answer).toMatchObject({
      status: 200,
      body: { userId: person.id, reason: 'Ten false entries', until, mutedBy: boss.id },
    });
    const muteId = String(answer.body.id);
    const refused = [
      await submit(),
      await person.send('POST', `offenses/${shown.id}/evidence`, source()),
      await person.send('PATCH', `offenses/${id}`, { version, title: 'Another' }),
    ];
    for (const { body } of refused)
      expect(body).toMatchObject({ status: 403, code: 'submissions_muted', params: { muteId, until } });
    expect((await person.get('me')).body.submissionsMuted).toMatchObject({
      id: muteId,
      reason: 'Ten false entries',
      until,
    });
    expect(await told()).toMatchObject([{ type: 'submissions.muted', params: { muteId, until }, href: '/api/v1/me' }]);
    const rows = await recordedAbout(set(), person.id);
    expect(rows).toEqual([
      { event: 'submitter.muted', outcome: 'done', actor_id: boss.id, details: { muteId, until } },
    ]);
    const [denied] = await set().rows.em.execute<{ n: number }[]>(
      `select count(*)::int as n from audit_entries where actor_id = ? and outcome = 'denied' and details->>'code' = 'submissions_muted'`,
      [person.id],
    );
    expect(denied).toEqual({ n: 3 });
    // What they submitted before stays, and so does what they may read.
    expect((await person.get(`offenses/${id}`)).status).toBe(200);
  });

  it('are let submit again, by a moderator or by the time', async () => {
    await mute(person.id);
    expect((await unmute(person.id)).status).toBe(204);
    expect(await told()).toMatchObject([{ type: 'submissions.unmuted' }]);
    expect(outcome(await unmute(person.id))).toEqual([404, 'not_found']);
    expect((await submit()).status).toBe(201);
    await mute(person.id, { reason: 'Again', until: inDays(1) });
    await set().rows.em.execute(`update submission_mutes set until = now() where user_id = ?`, [person.id]);
    expect((await person.get('me')).body.submissionsMuted).toBeNull();
    expect((await submit()).status).toBe(201);
    expect(outcome(await unmute(person.id))).toEqual([404, 'not_found']);
  });

  it('are so once: the same again changes nothing, another one takes its place', async () => {
    const first = await mute(person.id);
    expect((await mute(person.id)).body).toEqual(first.body);
    const second = await mute(person.id, { reason: 'Another', until: inDays(2) });
    expect(second.body).toMatchObject({ reason: 'Another' });
    expect(second.body.id).not.toBe(first.body.id);
    const reader = await set().person({ roles: ['reviewer'] });
    const listed = itemsOf(await reader.get('moderation/muted-submitters')).filter(
      ({ userId }) => userId === person.id,
    );
    expect(listed).toMatchObject([{ id: second.body.id, displayName: 'A Person' }]);
    await Promise.all([mute(person.id, { reason: 'One' }), mute(person.id, { reason: 'Two' })]);
    const [holding] = await set().rows.em.execute<{ n: number }[]>(
      `select count(*)::int as n from submission_mutes where user_id = ? and ended_at is null`,
      [person.id],
    );
    expect(holding).toEqual({ n: 1 });
  });

  it('are nobody’s own decision, nobody who is not there, and none without a reason or with an end that is past', async () => {
    expect(outcome(await mute(boss.id))).toEqual([403, 'own_case']);
    expect(outcome(await unmute(boss.id))).toEqual([403, 'own_case']);
    expect(outcome(await mute(unknownId))).toEqual([404, 'not_found']);
    expect(outcome(await mute('nonsense'))).toEqual([404, 'not_found']);
    for (const body of [
      {},
      { reason: ' ' },
      { reason: 'x', until: '2020-01-01T00:00:00Z' },
      { reason: 'x', until: 'soon' },
    ])
      expect(outcome(await mute(person.id, body))).toEqual([400, 'invalid_request']);
    expect(await recordedAbout(set(), boss.id)).toMatchObject([
      { event: 'submitter.mute', outcome: 'denied', details: { code: 'own_case' } },
      { event: 'submitter.unmute', outcome: 'denied', details: { code: 'own_case' } },
    ]);
    expect(outcome(await person.get('moderation/muted-submitters'))).toEqual([403, 'role_missing']);
    expect(outcome(await person.send('PUT', path(boss.id), { reason: 'x' }))).toEqual([403, 'role_missing']);
  });

  it('are so by nobody who has lost the role meanwhile, or is suspended', async () => {
    const attempt = () =>
      set()
        .api.deps.orm.em.fork()
        .transactional((tx) =>
          muteSubmitter(tx, { userId: person.id, actorId: boss.id, reason: 'x', until: null, requestId: null }),
        );
    await set().rows.em.execute(
      `insert into user_suspensions (id, user_id, reason, suspended_by) values (gen_random_uuid(), ?, 'Why', gen_random_uuid())`,
      [boss.id],
    );
    expect(await attempt()).toEqual({ denied: 'role_missing' });
    await set().rows.em.execute(`delete from user_suspensions where user_id = ?`, [boss.id]);
    await set().rows.em.execute(`delete from user_roles where user_id = ?`, [boss.id]);
    expect(await attempt()).toEqual({ denied: 'role_missing' });
    expect(await recordedAbout(set(), person.id)).toMatchObject([{ outcome: 'denied' }, { outcome: 'denied' }]);
  });

  it('stay so when they become one with another account, and what they submitted goes along', async () => {
    const { id } = await submitted(set(), person);
    await mute(person.id);
    const survivor = await set().person();
    const two = new TwoPeople(set().api.deps.orm, []);
    for (const { id: userId } of [survivor, person]) await two.identity(userId);
    const mergeId = await two.merge(survivor.id, person.id);
    expect((await survivor.get(`offenses/${id}`)).body).toMatchObject({ mine: true });
    expect((await survivor.get('me')).body.submissionsMuted).toMatchObject({ reason: 'Ten false entries' });
    await two.undo(mergeId, survivor.id);
    expect((await survivor.get('me')).body.submissionsMuted).toBeNull();
    expect(outcome(await survivor.get(`offenses/${id}`))).toEqual([404, 'not_found']);
  });

  it('have it in their file, with the reason and without who decided', async () => {
    await mute(person.id);
    await submitted(set(), await set().person());
    let text = '';
    for await (const piece of accountJson(set().rows.em.fork(), person.id, new Date())) text += piece;
    expect((JSON.parse(text) as { submissionMutes: unknown[] }).submissionMutes).toMatchObject([
      { reason: 'Ten false entries' },
    ]);
    expect(text).not.toContain(boss.id);
  });
}
