import { erasePerson } from '../../../../adapters/postgres/erasure-end';
import { allPages, itemsOf, outcome, unknownId, type Caller, type Harness } from '../harness';
import { setStatus, submitted } from './stage';

export function testOffenseReads(set: () => Harness): void {
  let submitter: Caller;
  let stranger: Caller;
  let staff: Caller[];
  let ids: Record<'pending' | 'sources_verified' | 'contested' | 'rejected', string>;
  let artistId: string;

  beforeAll(async () => {
    [submitter, stranger] = [await set().person(), await set().person()];
    staff = await Promise.all(['moderator', 'reviewer', 'admin'].map((role) => set().person({ roles: [role] })));
    const entry = async (status: string, fields: Record<string, unknown>) => {
      const { id, artistId: of } = await submitted(set(), submitter, { title: `It is ${status}`, ...fields });
      await setStatus(set(), id, status);
      artistId = of;
      return id;
    };
    await set().rows.em.execute(`delete from offenses`);
    ids = {
      pending: await entry('pending', { category: 'hate_speech' }),
      sources_verified: await entry('sources_verified', { category: 'fraud' }),
      contested: await entry('contested', { category: 'fraud' }),
      rejected: await entry('rejected', { category: 'fraud' }),
    };
  });

  const listed = async (by: Caller, query = '') => (await allPages(by, `offenses?${query}`, 2)).map(({ id }) => id);

  it('are seen once they were verified, and before only by who submitted them and by staff', async () => {
    const { pending, sources_verified, contested, rejected } = ids;
    for (const by of [submitter, ...staff]) {
      expect(await listed(by)).toEqual([rejected, contested, sources_verified, pending]);
      for (const id of Object.values(ids)) expect((await by.get(`offenses/${id}`)).status).toBe(200);
    }
    expect(await listed(stranger)).toEqual([contested, sources_verified]);
    for (const id of [pending, rejected, unknownId, 'nonsense'])
      expect(outcome(await stranger.get(`offenses/${id}`))).toEqual([404, 'not_found']);
    for (const id of [sources_verified, contested]) {
      const { body } = await stranger.get(`offenses/${id}`);
      expect(body).toMatchObject({
        mine: false,
        submitterId: null,
        caseState: null,
        evidence: [{ submitterId: null }],
      });
      expect(body.statusMeaning).toContain('An independent moderator found the sources to support the entry');
    }
    expect((await staff[0]!.get(`offenses/${pending}`)).body).toMatchObject({ submitterId: submitter.id });
  });

  it('are found by artist, category, status and whose they are', async () => {
    const { pending, sources_verified, contested, rejected } = ids;
    expect(await listed(submitter, 'status=pending')).toEqual([pending]);
    expect(await listed(stranger, 'status=pending')).toEqual([]);
    expect(await listed(submitter, 'category=fraud')).toEqual([rejected, contested, sources_verified]);
    expect(await listed(submitter, `artist=${artistId}`)).toEqual([rejected]);
    expect(await listed(stranger, `artist=${artistId}`)).toEqual([]);
    expect(await listed(submitter, 'mine=true')).toHaveLength(4);
    expect(await listed(staff[0]!, 'mine=true')).toEqual([]);
    expect((await stranger.get('offenses?mine=true')).body.emptyReason).toBe('nothing_submitted');
    expect((await stranger.get(`offenses?artist=${unknownId}`)).body.emptyReason).toBe('nothing_matches');
    for (const query of ['artist=x', 'category=taste', 'status=guilty', 'mine=perhaps', 'limit=0'])
      expect(outcome(await stranger.get(`offenses?${query}`))).toEqual([400, 'invalid_request']);
    expect(outcome(await stranger.get('offenses?cursor=e30'))).toEqual([400, 'invalid_cursor']);
  });

  it('outlive their submitter, with their sources', async () => {
    const leaving = await set().person();
    const { id } = await submitted(set(), leaving);
    await setStatus(set(), id, 'sources_verified');
    const grants = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };
    await set()
      .api.deps.orm.em.fork()
      .transactional((tx) => erasePerson(tx, { userId: leaving.id, grants, requestId: null }));
    const left = {
      submitterId: null,
      title: 'Convicted of fraud',
      evidence: [{ submitterId: null, source: 'The Example Times' }],
    };
    expect((await staff[0]!.get(`offenses/${id}`)).body).toMatchObject(left);
    expect((await stranger.get(`offenses/${id}`)).status).toBe(200);
    await set().rows.em.execute(`delete from offenses where id = ?`, [id]);
  });

  it('are counted by category, but for those that are kept from taking effect', async () => {
    const counts = async () =>
      itemsOf(await stranger.get('offense-categories')).filter(({ verified, contested }) => verified || contested);
    expect(await counts()).toMatchObject([{ code: 'fraud', title: 'Fraud and theft', verified: 1, contested: 1 }]);
    const restrict = (until: string) =>
      set().rows.em.execute(`update offenses set restricted_until = ${until} where id = ?`, [ids.contested]);
    await restrict(`now() + interval '1 day'`);
    expect(await counts()).toMatchObject([{ verified: 1, contested: 0 }]);
    expect((await stranger.get(`offenses/${ids.contested}`)).body.restrictedUntil).toEqual(expect.any(String));
    await restrict('now()');
    expect(await counts()).toMatchObject([{ verified: 1, contested: 1 }]);
    expect((await stranger.get(`offenses/${ids.contested}`)).body.restrictedUntil).toBeNull();
  });
}
