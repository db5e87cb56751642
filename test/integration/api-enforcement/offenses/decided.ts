import { takeDecision } from '../../../../adapters/postgres/decisions';
import { offenseSubject } from '../../../../adapters/postgres/offense-decisions';
import type { EntityManager } from '../../../../adapters/postgres/orm';
import type { Measure } from '../../../../domain/moderation';
import { outcome, type Caller, type Harness } from '../harness';
import { planByCategory, source, submitted } from './stage';

export function testOffenseDecisions(set: () => Harness): void {
  let person: Caller;
  let other: Caller;
  let moderator: Caller;
  let id: string;
  let artistId: string;

  const inTransaction = <T>(work: (tx: EntityManager) => Promise<T>) =>
    set().api.deps.orm.em.fork().transactional(work);
  const decide = (measure: Measure, until: Date | null = null) =>
    inTransaction((tx) =>
      takeDecision(tx, {
        subject: { type: 'offense', id },
        caseId: null,
        replacesId: null,
        deciderId: moderator.id,
        statement: {
          measure,
          until,
          facts: 'What was found about it.',
          automated: false,
          policyVersion: '2026-11-29',
          rule: 'sources.support',
        },
        internalNote: null,
        alsoConcerned: [],
        requestId: null,
      }),
    ).then(String);
  const takeBack = async (decisionId: string, measure: Measure) => {
    await inTransaction((tx) =>
      offenseSubject.takeBack(tx, {
        decisionId,
        subjectId: id,
        measure,
        until: null,
        actorId: moderator.id,
        previous: {},
      }),
    );
    await set().rows.em.execute(`update decisions set reversed_at = now() where id = ?`, [decisionId]);
  };
  const contest = (contested: boolean) => inTransaction((tx) => offenseSubject.contest!(tx, id, contested));
  const now = async () =>
    (await moderator.get(`offenses/${id}`)).body as {
      status: string;
      restrictedUntil: string | null;
      evidence: { reviewed: boolean }[];
    };
  const statusNow = async () => (await now()).status;
  const planStatus = async (planId: string) =>
    (
      await set().rows.em.execute<{ status: string; stale_reasons: string[] }[]>(
        `select status, stale_reasons from plans where id = ?`,
        [planId],
      )
    )[0];

  beforeEach(async () => {
    [person, other] = [await set().person(), await set().person()];
    moderator = await set().person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
    ({ id, artistId } = await submitted(set(), person));
  });

  it('take its sources along with it, and a later one by a look of its own', async () => {
    await decide('approve');
    expect(await now()).toMatchObject({ status: 'sources_verified', evidence: [{ reviewed: true }] });
    await other.send('POST', `offenses/${id}/evidence`, source());
    const [, unseen] = (await other.get(`offenses/${id}`)).body.evidence as { reviewed: boolean }[];
    expect(unseen).toMatchObject({ reviewed: false });
    await decide('request_changes');
    expect(await statusNow()).toBe('sources_verified');
    await decide('approve');
    expect((await now()).evidence).toMatchObject([{ reviewed: true }, { reviewed: true }]);
  });

  it('are of the text that their decider saw, or of none: whoever changes it at the same moment is first or too late', async () => {
    const statement = { measure: 'approve', facts: 'The sources say so, all of them.', rule: 'sources.support' };
    const seen: unknown[] = [];
    for (let round = 0; round < 4; round += 1) {
      ({ id } = await submitted(set(), round % 2 ? person : other));
      const [held] = await set().rows.em.execute<{ id: string }[]>(
        `select id from moderation_cases where subject_id = ?`,
        [id],
      );
      const path = `moderation/cases/${held!.id}`;
      const { version } = (await moderator.send('POST', `${path}/claim`)).body;
      const author = round % 2 ? person : other;
      const [decided, changed] = await Promise.all([
        moderator.send('POST', `${path}/decision`, { version, statement }),
        round < 2
          ? author.send('PATCH', `offenses/${id}`, { version: 1, title: 'Another title' })
          : author.send('POST', `offenses/${id}/evidence`, source()),
      ]);
      seen.push([outcome(decided), outcome(changed), await statusNow()]);
    }
    const ok = [200, undefined];
    const late = [409, 'version_conflict'];
    for (const [round, one] of seen.entries())
      expect([
        [ok, round < 2 ? [409, 'not_editable'] : [201, undefined], 'sources_verified'],
        [late, round < 2 ? ok : [201, undefined], 'pending'],
      ]).toContainEqual(one);
  });

  it('concern whoever submitted it and whoever gave a source', async () => {
    await decide('approve');
    await other.send('POST', `offenses/${id}/evidence`, source());
    const held = await inTransaction((tx) => offenseSubject.hold(tx, id));
    expect(held?.concerned.map(({ userId }) => userId).sort()).toEqual([person.id, other.id].sort());
    const told = await other.get('me/notifications');
    expect(told.body.items).toEqual([]);
    await decide('approve');
    expect((await other.get('me/notifications')).body.items).toMatchObject([{ type: 'decision.taken' }]);
  });

  it('approve nothing without a source, and fit how it stands, or leave all as it was', async () => {
    await expect(decide('restrict', new Date(Date.now() + 86_400_000))).rejects.toMatchObject({
      code: 'measure_not_possible',
    });
    await set().rows.em.execute(`delete from offense_evidence where offense_id = ?`, [id]);
    await expect(decide('approve')).rejects.toMatchObject({ code: 'evidence_missing' });
    expect(await statusNow()).toBe('pending');
    expect(await set().rows.em.execute(`select from decisions where subject_id = ?`, [id])).toEqual([]);
  });

  it('let it be contested while an appeal is open, whatever else is decided meanwhile', async () => {
    await decide('approve');
    const planId = await planByCategory(set(), other.id, artistId);
    await contest(true);
    expect(await statusNow()).toBe('contested');
    expect(await planStatus(planId)).toEqual({ status: 'stale', stale_reasons: ['offense_contested'] });
    await decide('approve');
    expect(await statusNow()).toBe('contested');
    await contest(false);
    expect(await statusNow()).toBe('sources_verified');
  });

  it('are taken back: what was approved ends with the plans that rest on it, what was rejected stands', async () => {
    const approval = await decide('approve');
    const planId = await planByCategory(set(), other.id, artistId);
    await contest(true);
    await takeBack(approval, 'approve');
    await contest(false);
    expect(await statusNow()).toBe('rejected');
    expect(await planStatus(planId)).toMatchObject({ status: 'stale' });
    await takeBack(await decide('reject'), 'reject');
    expect(await now()).toMatchObject({ status: 'sources_verified', evidence: [{ reviewed: true }] });
  });

  it('keep it from taking effect until the latest one that stands says so', async () => {
    const [near, far] = [1, 7].map((days) => new Date(Date.now() + days * 86_400_000));
    await decide('approve');
    const planId = await planByCategory(set(), other.id, artistId);
    const first = await decide('restrict', far!);
    expect(await planStatus(planId)).toMatchObject({ status: 'stale', stale_reasons: ['source_withdrawn'] });
    const second = await decide('restrict', near!);
    const until = async () => (await now()).restrictedUntil;
    expect(await until()).toBe(near!.toISOString());
    await takeBack(first, 'restrict');
    expect(await until()).toBe(near!.toISOString());
    await takeBack(second, 'restrict');
    expect(await until()).toBeNull();
  });
}
