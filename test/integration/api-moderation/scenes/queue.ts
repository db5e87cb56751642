import { allPages, itemsOf, outcome, type Caller } from '../../api-enforcement/harness';
import { claim, decided, lapse, type ModeratedRows } from './moderated-rows';

export function testQueue(rows: ModeratedRows): void {
  let moderator: Caller;
  beforeEach(async () => {
    moderator = await rows.moderator();
  });

  it('has what waits, most urgent and oldest first, with what it is about', async () => {
    await rows.sql(`delete from moderation_cases`);
    expect((await moderator.get('moderation/cases')).body).toEqual({
      items: [],
      nextCursor: null,
      emptyReason: 'nothing_waits',
    });
    const [first, second, reported, over] = [
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null), 'report'),
      await rows.openCase(await rows.offense(null)),
    ];
    await decided(moderator, over);
    await rows.sql(`update moderation_cases set opened_at = now() - interval '1 hour' where id = ?`, [first]);
    const items = itemsOf(await moderator.get('moderation/cases'));
    expect(items.map(({ id }) => id)).toEqual([reported, first, second]);
    expect(items[1]).toMatchObject({
      subject: {
        type: 'offense',
        title: 'Sold tickets twice',
        artist: { name: 'The Invented Few' },
        category: 'fraud',
        status: 'pending',
        href: expect.stringContaining('/api/v1/offenses/'),
      },
      state: 'open',
      holder: null,
      reports: 0,
      decision: null,
    });
    expect(items[1]?.ageSeconds).toBeGreaterThanOrEqual(3600);
    for (const sort of ['priority', 'newest']) {
      const ids = (await allPages(moderator, `moderation/cases?state=any&sort=${sort}`, 1)).map(({ id }) => id);
      expect(ids).toEqual(sort === 'newest' ? [over, reported, second, first] : [reported, first, second, over]);
    }
  });

  it('filters by each of its filters, and a claim that was let lie is open again', async () => {
    await rows.sql(`delete from moderation_cases`);
    const [mine, idle, reported] = [
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null)),
      await rows.openCase(await rows.offense(null), 'report'),
    ];
    await claim(moderator, mine);
    await claim(await rows.moderator(), idle);
    await lapse(rows, idle);
    const ids = async (query: string) =>
      itemsOf(await moderator.get(`moderation/cases?sort=newest&${query}`)).map(({ id }) => id);
    expect(await ids('holder=me')).toEqual([mine]);
    expect(await ids(`holder=${moderator.id}`)).toEqual([mine]);
    expect(await ids('holder=none')).toEqual([reported, idle]);
    expect(await ids('state=in_review')).toEqual([mine]);
    expect(await ids('state=open')).toEqual([reported, idle]);
    expect(await ids('origin=report')).toEqual([reported]);
    expect(await ids('subjectType=list')).toEqual([]);
    expect(await ids('subjectType=offense')).toHaveLength(3);
    await rows.sql(`update moderation_cases set opened_at = '2026-01-01T00:00:00Z' where id = ?`, [mine]);
    expect(await ids('from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00.001Z')).toEqual([mine]);
    expect(await ids('to=2026-01-01T00:00:00Z')).toEqual([]);
    expect((await moderator.get('moderation/cases?state=decided')).body).toMatchObject({
      emptyReason: 'nothing_matches',
    });
  });

  it.each(['state=closed', 'holder=somebody', 'sort=oldest', 'from=yesterday', 'origin=x', 'limit=0'])(
    'refuses %s',
    async (query) => {
      expect(outcome(await moderator.get(`moderation/cases?${query}`))).toEqual([400, 'invalid_request']);
    },
  );

  it.each([
    ['list', { criteria: 'Tickets', entries: [{ reason: 'Sold twice' }] }, ''],
    ['list_version', { number: 1, entries: [{ artist: { name: 'The Invented Few' } }] }, '/versions/1'],
    ['list_entry', { artist: { name: 'The Invented Few' }, reason: 'Sold twice' }, ''],
  ] as const)('has a %s in full, with where it is', async (type, content, href) => {
    const subjects = await rows.list((await rows.harness.person()).id);
    const caseId = await rows.openCase(subjects[type], 'report', type);
    const subject = {
      ...{ type, id: subjects[type], list: { id: subjects.list, name: 'Sold twice' } },
      href: `/api/v1/lists/${subjects.list}${href}`,
    };
    const read = await moderator.get(`moderation/cases/${caseId}`);
    expect(read).toMatchObject({ status: 200, body: { subject, content, ownCase: false, earlierDecisions: [] } });
    const target = { type, id: subjects[type] };
    const report = { target, category: 'other', explanation: 'Nobody sold anything twice.', goodFaith: true };
    expect((await rows.harness.api.call('POST', '/api/v1/reports', { body: report })).status).toBe(201);
    expect((await decided(moderator, caseId, { measure: 'reject', rule: 'criteria.missing' })).status).toBe(200);
  });

  it('goes on only where it stopped in the same order', async () => {
    await rows.openCase(await rows.offense(null));
    await rows.openCase(await rows.offense(null));
    const { nextCursor } = (await moderator.get('moderation/cases?limit=1')).body;
    const other = await moderator.get(`moderation/cases?sort=newest&cursor=${String(nextCursor)}`);
    expect(outcome(other)).toEqual([400, 'invalid_cursor']);
  });
}
