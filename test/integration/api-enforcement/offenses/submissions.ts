import { createHash } from 'node:crypto';
import { MergeStage } from '../merge-stage';
import { outcome, unknownId, type Caller, type Harness } from '../harness';
import { caseOf, newOffense, recordedAbout, setStatus, source, submitted } from './stage';

export function testSubmissions(set: () => Harness): void {
  let person: Caller;
  let other: Caller;
  let artistId: string;
  const post = (body: unknown, by = person, headers?: Record<string, string>) =>
    by.send('POST', 'offenses', body, headers);
  const patch = (id: string, body: unknown, by = person) => by.send('PATCH', `offenses/${id}`, body);

  beforeEach(async () => {
    [person, other] = [await set().person(), await set().person()];
    artistId = await set().rows.artist('The Invented Few');
  });

  it('are kept with their sources, before the moderators and on record, all or nothing', async () => {
    const evidence = [
      source({ url: 'https://News.example.test/one?utm_source=x', publishedOn: '2019-04-01' }),
      source({ hash: 'AB'.repeat(32), archivedUrl: 'https://web.archive.org/web/2020/https://x.test/' }),
    ];
    const answer = await post(
      newOffense(artistId, { evidence, occurredFrom: '2019-03-01', occurredUntil: '2019-03-31' }),
    );
    const { id } = answer.body as { id: string };
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/v1/offenses/${id}`);
    expect(answer.body).toMatchObject({
      artist: { id: artistId, name: 'The Invented Few' },
      status: 'pending',
      statusMeaning: expect.stringContaining('blocks nobody'),
      occurredFrom: '2019-03-01',
      occurredUntil: '2019-03-31',
      mine: true,
      caseState: 'open',
      version: 1,
      evidence: [
        {
          url: 'https://news.example.test/one',
          publishedOn: '2019-04-01',
          hash: createHash('sha256').update('A court found that it was so.').digest('hex'),
          reviewed: false,
        },
        { hash: 'ab'.repeat(32) },
      ],
    });
    expect(await caseOf(set(), id)).toEqual([{ state: 'open', origin: 'submission', version: 1 }]);
    expect(await recordedAbout(set(), id)).toEqual([
      {
        event: 'offense.submitted',
        outcome: 'done',
        actor_id: person.id,
        details: { category: 'fraud', severity: 'serious', sources: 2 },
      },
    ]);
  });

  it('are made once for a key', async () => {
    const body = newOffense(artistId);
    const first = await post(body, person, { 'idempotency-key': 'once' });
    expect((await post(body, person, { 'idempotency-key': 'once' })).body).toEqual(first.body);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no source', { evidence: [] }],
    ['a source over http', { evidence: [source({ url: 'http://news.example.test/' })] }],
    ['a source inside of a house', { evidence: [source({ url: 'https://192.168.0.1/' })] }],
    ['a source that was read tomorrow', { evidence: [source({ retrievedAt: '2999-01-01T00:00:00Z' })] }],
    ['a source twice', { evidence: [source({ url: 'https://a.test/x' }), source({ url: 'https://www.a.test/x#y' })] }],
    ['a digest that is none', { evidence: [source({ hash: 'abc' })] }],
    ['a source without an excerpt', { evidence: [source({ excerpt: '  ' })] }],
    ['a category that there is not', { category: 'taste' }],
    ['a severity that there is not', { severity: 'awful' }],
    ['a day that there is not', { occurredFrom: '2021-02-30' }],
    ['a day to come', { occurredFrom: '2999-01-01' }],
    ['an end before its beginning', { occurredFrom: '2020-02-02', occurredUntil: '2020-02-01' }],
    ['a character that cannot be kept', { title: 'a\u0000b' }],
    ['a title that is too long', { title: 'x'.repeat(201) }],
    ['what nobody asked for', { status: 'sources_verified' }],
  ])('are refused with %s', async (_what, fields) => {
    expect(outcome(await post(newOffense(artistId, fields)))).toEqual([400, 'invalid_request']);
  });

  it('are about artists that there are, also by an id from before a merge, and go home with it', async () => {
    expect(outcome(await post(newOffense(unknownId)))).toEqual([404, 'not_found']);
    const kept = await set().rows.artist('The Invented Few (kept)');
    const { orm } = set().api.deps;
    const merges = new MergeStage(orm, []);
    const mergeId = await merges.merge(kept, artistId);
    const [merged] = await set().rows.em.execute<{ merged_id: string; kept_id: string }[]>(
      `select merged_id, kept_id from artist_merges where id = ?`,
      [mergeId],
    );
    const { id } = await submitted(set(), person, { artistId: merged!.merged_id });
    const artistOf = async () => ((await person.get(`offenses/${id}`)).body.artist as { id: string }).id;
    expect(await artistOf()).toBe(merged!.kept_id);
    // The same about whom it became is the same.
    expect(outcome(await post(newOffense(merged!.kept_id), other))).toEqual([409, 'duplicate_offense']);
    await merges.undo(mergeId);
    expect(await artistOf()).toBe(merged!.merged_id);
  });

  describe('that are there already', () => {
    it('name the entry and where to add a source, to whoever sees it', async () => {
      const { id } = await submitted(set(), person, { artistId });
      const again = await post(newOffense(artistId));
      expect(again.body).toMatchObject({
        status: 409,
        code: 'duplicate_offense',
        params: { reason: 'same_title' },
        resource: { type: 'offense', id, href: `/api/v1/offenses/${id}` },
        action: { code: 'add_evidence', href: `/api/v1/offenses/${id}/evidence` },
      });
      const hidden = await post(newOffense(artistId), other);
      expect(outcome(hidden)).toEqual([409, 'duplicate_offense']);
      expect(hidden.text).not.toContain(id);
      await setStatus(set(), id, 'sources_verified');
      expect((await post(newOffense(artistId), other)).body).toMatchObject({ resource: { id } });
      expect((await post(newOffense(artistId, { category: 'hate_speech' }), other)).status).toBe(201);
    });

    it('may be tried again with another source after a rejection, and not with the same', async () => {
      const evidence = [source()];
      const { id } = await submitted(set(), person, { artistId, evidence });
      await setStatus(set(), id, 'rejected');
      expect((await post(newOffense(artistId, { evidence }))).body).toMatchObject({ resource: { id } });
      expect((await post(newOffense(artistId))).status).toBe(201);
    });

    it('are one of several at once, by one person or many', async () => {
      const people = [person, person, other, other, await set().person()];
      const body = newOffense(artistId);
      const answers = await Promise.all(people.map((by) => post(body, by)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    });
  });

  describe('that nobody has decided about', () => {
    it('are changed by who submitted them, and go back before the moderators', async () => {
      const { id } = await submitted(set(), person, { artistId, occurredFrom: '2020-01-01' });
      await set().rows.em.execute(`update moderation_cases set state = 'changes_requested' where subject_id = ?`, [id]);
      expect((await person.get(`offenses/${id}`)).body.caseState).toBe('changes_requested');
      const changed = await patch(id, { version: 1, title: 'Fined for fraud', severity: 'minor', occurredFrom: null });
      expect(changed.body).toMatchObject({
        title: 'Fined for fraud',
        severity: 'minor',
        category: 'fraud',
        occurredFrom: null,
        version: 2,
        caseState: 'open',
      });
      expect(await caseOf(set(), id)).toEqual([{ state: 'open', origin: 'submission', version: 2 }]);
      expect(outcome(await patch(id, { version: 1, title: 'x' }))).toEqual([409, 'version_conflict']);
      expect(outcome(await patch(id, { version: 2, title: 'x' }, other))).toEqual([404, 'not_found']);
      expect(outcome(await patch(id, { version: 2, occurredUntil: '2020-01-01' }))).toEqual([400, 'invalid_request']);
      expect(outcome(await patch(unknownId, { version: 1 }))).toEqual([404, 'not_found']);
    });

    it('are changed once of two changes at once, and not into what is there', async () => {
      const { id } = await submitted(set(), person, { artistId });
      const both = await Promise.all(['One title', 'Another one'].map((title) => patch(id, { version: 1, title })));
      expect(both.map(outcome).sort()).toEqual([
        [200, undefined],
        [409, 'version_conflict'],
      ]);
      const elsewhere = await submitted(set(), person, { title: 'Something quite different' });
      expect(outcome(await patch(elsewhere.id, { version: 1, artistId, occurredFrom: '2020-01-01' }))).toEqual([
        200,
        undefined,
      ]);
      await patch(id, { version: 2, occurredFrom: '2019-01-01' });
      expect((await patch(id, { version: 3, occurredFrom: '2020-01-01' })).body).toMatchObject({
        code: 'duplicate_offense',
        params: { reason: 'same_time' },
      });
      // What was refused has left nothing.
      expect(await caseOf(set(), id)).toMatchObject([{ version: 3 }]);
    });

    it('are not changed any more once somebody has', async () => {
      const { id } = await submitted(set(), person, { artistId });
      for (const status of ['sources_verified', 'contested', 'rejected']) {
        await setStatus(set(), id, status);
        expect((await patch(id, { version: 1, title: 'x' })).body).toMatchObject({
          code: 'not_editable',
          params: { status },
        });
      }
      expect(await caseOf(set(), id)).toHaveLength(1);
    });
  });

  describe('of a source', () => {
    const add = (id: string, body: unknown, by = person) => by.send('POST', `offenses/${id}/evidence`, body);
    const shownTo = async (by: Caller, id: string) =>
      ((await by.get(`offenses/${id}`)).body.evidence as { title: string }[]).map(({ title }) => title);

    it('join one that is verified, unseen by others until a moderator has looked', async () => {
      const { id } = await submitted(set(), person, { artistId });
      expect(outcome(await add(id, source(), other))).toEqual([404, 'not_found']);
      await setStatus(set(), id, 'sources_verified');
      const added = await add(id, source({ title: 'Another report' }), other);
      expect(added).toMatchObject({ status: 201, body: { evidence: [{ reviewed: true }, { reviewed: false }] } });
      expect(await shownTo(other, id)).toEqual(['What was reported', 'Another report']);
      expect(await shownTo(await set().person(), id)).toEqual(['What was reported']);
      const [, waiting] = await caseOf(set(), id);
      expect(waiting).toMatchObject({ state: 'open', origin: 'submission' });
      expect((await recordedAbout(set(), id)).at(-1)).toMatchObject({
        event: 'offense.evidence_added',
        actor_id: other.id,
      });
    });

    it('are refused twice, for one that was rejected, and where they are nonsense', async () => {
      const { id } = await submitted(set(), person, { artistId, evidence: [source({ url: 'https://a.test/p' })] });
      expect(outcome(await add(id, source({ url: 'https://www.a.test/p/' })))).toEqual([409, 'duplicate_evidence']);
      expect((await add(id, source({ url: 'http://a.test/q' }))).body).toMatchObject({
        code: 'invalid_request',
        errors: [{ path: 'body.url', code: 'https_required' }],
      });
      expect(outcome(await add(unknownId, source()))).toEqual([404, 'not_found']);
      expect(await caseOf(set(), id)).toMatchObject([{ version: 1 }]);
      await setStatus(set(), id, 'rejected');
      expect(outcome(await add(id, source()))).toEqual([409, 'not_editable']);
    });

    it('are one of several equal ones at once', async () => {
      const { id } = await submitted(set(), person, { artistId });
      const same = source();
      const answers = await Promise.all([same, same, same].map((one) => add(id, one)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    });
  });

  describe('of one person', () => {
    const limited = { code: 'submission_limit', retryable: true };

    it('wait for moderators up to a number, also at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 7 }, async () => post(newOffense(await set().rows.artist('Somebody Else')))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 429, 429]);
      const last = await post(newOffense(artistId));
      expect(last.body).toMatchObject({ ...limited, params: { limit: 'pending', most: 5 }, retryAfter: 3_600 });
      expect(last.headers.get('retry-after')).toBe('3600');
      const [denied] = await set().rows.em.execute<{ n: number }[]>(
        `select count(*)::int as n from audit_entries where event = 'offense.submit' and outcome = 'denied' and actor_id = ? and details->>'code' = 'submission_limit'`,
        [person.id],
      );
      expect(denied).toEqual({ n: 3 });
    });

    it('are limited by the day, sources for others’ entries with them', async () => {
      const { id } = await submitted(set(), other, { artistId });
      await setStatus(set(), id, 'sources_verified');
      for (let n = 0; n < 5; n += 1) {
        const mine = await submitted(set(), person, { evidence: [source(), source()] });
        await setStatus(set(), mine.id, 'rejected');
      }
      for (let n = 0; n < 3; n += 1) await person.send('POST', `offenses/${id}/evidence`, source());
      const answer = await person.send('POST', `offenses/${id}/evidence`, source());
      expect(answer.body).toMatchObject({ ...limited, params: { limit: 'a_day', most: 8 } });
      expect(outcome(await post(newOffense(artistId)))).toEqual([429, 'submission_limit']);
      await set().rows.em.execute(`update offenses set created_at = created_at - interval '1 day' where user_id = ?`, [
        person.id,
      ]);
      await set().rows.em.execute(
        `update offense_evidence e set created_at = o.created_at from offenses o where o.id = e.offense_id and o.user_id = ?`,
        [person.id],
      );
      expect(outcome(await post(newOffense(artistId, { category: 'hate_speech' })))).toEqual([201, undefined]);
    });
  });
}
