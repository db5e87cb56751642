import { endMeasures, releaseIdleClaims } from '../../../../adapters/postgres/moderation-ends';
import { itemsOf } from '../../api-enforcement/harness';
import { claim, decided, lapse, type ModeratedRows } from './moderated-rows';

export function testEnds(rows: ModeratedRows): void {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const restrict = { measure: 'restrict', rule: 'content.private', until: inDays(7) };
  const sweepTwice = async (work: typeof endMeasures) => {
    await Promise.all([work(rows.em()), work(rows.em())]);
    await work(rows.em());
  };
  /** Lets the time of a measure be over. */
  const over = async (decisionId: string, offenseId: string) => {
    await rows.sql(`update decisions set until = now() where id = ?`, [decisionId]);
    await rows.sql(`update offenses set restricted_until = now() where id = ?`, [offenseId]);
  };

  it('of a restriction comes by its time, is noted once, and is told', async () => {
    const submitter = await rows.harness.person();
    const offenseId = await rows.offense(submitter.id, 'sources_verified');
    const caseId = await rows.openCase(offenseId, 'report');
    const { id } = (await decided(await rows.moderator(), caseId, restrict)).body.decision as { id: string };
    await sweepTwice(endMeasures);
    expect((await submitter.get(`decisions/${id}`)).body).toMatchObject({
      endedAt: null,
      statement: { until: restrict.until },
    });
    await over(id, offenseId);
    expect((await submitter.get(`decisions/${id}`)).body).toMatchObject({ endedAt: expect.any(String) });
    await sweepTwice(endMeasures);
    expect(await rows.recorded(id)).toEqual([
      { event: 'decision.taken', outcome: 'done', code: null },
      { event: 'decision.ended', outcome: 'done', code: null },
    ]);
    expect(itemsOf(await submitter.get('me/notifications?unread=true'))).toMatchObject([
      { type: 'decision.ended', params: { decisionId: id, about: 'offense' }, href: `/api/v1/decisions/${id}` },
      { type: 'decision.taken' },
    ]);
    expect((await rows.sql(`select from moderation_cases where subject_id = ?`, [offenseId])).length).toBe(1);
  });

  it('of one that was reversed is noted by nobody', async () => {
    const offenseId = await rows.offense(null, 'sources_verified');
    const caseId = await rows.openCase(offenseId, 'report');
    const { id } = (await decided(await rows.moderator(), caseId, restrict)).body.decision as { id: string };
    await over(id, offenseId);
    await rows.sql(`update decisions set reversed_at = now() where id = ?`, [id]);
    await endMeasures(rows.em());
    expect(await rows.recorded(id)).toHaveLength(1);
  });

  it('of a claim is noted once', async () => {
    const [held, idle] = [await rows.openCase(await rows.offense(null)), await rows.openCase(await rows.offense(null))];
    await claim(await rows.moderator(), held);
    await claim(await rows.moderator(), idle);
    await lapse(rows, idle);
    await sweepTwice(releaseIdleClaims);
    expect((await rows.recorded(idle)).map(({ event }) => event)).toEqual([
      'case.opened',
      'case.claimed',
      'case.released',
    ]);
    expect((await rows.recorded(held)).map(({ event }) => event)).toEqual(['case.opened', 'case.claimed']);
  });
}
