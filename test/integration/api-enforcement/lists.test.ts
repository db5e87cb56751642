import type { Measure } from '../../../domain/moderation';
import { applyMerge, takeMergeBack } from '../../../adapters/postgres/artist-merge-apply';
import { holdArtists } from '../../../adapters/postgres/current-artists';
import { decidedSubject } from '../../../adapters/postgres/decided-subjects';
import { takeDecision } from '../../../adapters/postgres/decisions';
import { erasePerson } from '../../../adapters/postgres/erasure-end';
import { tellSubscribers } from '../../../adapters/postgres/list-tellings';
import { newId } from '../../../adapters/postgres/ids';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let owner: Caller;
let stranger: Caller;
/** The Invented Few. */
const few: string[] = [];

beforeAll(async () => {
  harness = await startHarness();
  [owner, stranger] = [await harness.person(), await harness.person()];
  for (let n = 0; n < 6; n += 1) few.push(await harness.rows.artist(`The Invented Few ${n}`));
});
afterAll(() => harness.api.close());

const fair = { name: 'Playback only', criteria: 'A review says that the concert was a playback.' };
const because = (...ids: string[]) => ids.map((artistId) => ({ artistId, reason: 'A review of May 2024 says so.' }));
const query = <T>(sql: string, values: unknown[] = []) => harness.rows.em.fork().execute<T[]>(sql, values);

async function newList(fields: Record<string, unknown> = {}, by = owner): Promise<string> {
  const made = await by.send('POST', 'lists', { ...fair, visibility: 'public', ...fields });
  if (made.status !== 201) throw new Error(made.text);
  return String(made.body.id);
}
const publish = (id: string, ids: string[], basedOn: number, more: Record<string, unknown> = {}, by = owner) =>
  by.send('POST', `lists/${id}/versions`, { entries: because(...ids), basedOn, ...more });
const list = async (id: string, by = owner) => (await by.get(`lists/${id}`)).body;

async function subscribe(userId: string, listId: string, version: number | null = null): Promise<void> {
  await query(
    `insert into list_subscriptions (id, user_id, list_id, follows, new_entries, list_version) values (?, ?, ?, ?, 'at_once', ?)`,
    [newId(), userId, listId, version === null ? 'latest' : 'pinned', version],
  );
}

/** A ready plan of somebody's that would act on an artist. */
async function planOn(userId: string, artistId: string): Promise<() => Promise<string | undefined>> {
  const plan = await harness.rows.plan(userId, await harness.rows.connection(userId));
  await harness.rows.items(plan, [{ uri: 'spotify:track:1', artistId }]);
  return async () => (await query<{ status: string }>(`select status from plans where id = ?`, [plan]))[0]?.status;
}

async function decide(
  type: 'list' | 'list_version' | 'list_entry',
  id: string,
  measure: Measure,
  until: Date | null = null,
): Promise<() => Promise<void>> {
  const decisionId = await harness.rows.em.fork().transactional((tx) =>
    takeDecision(tx, {
      subject: { type, id },
      caseId: null,
      replacesId: null,
      deciderId: newId(),
      statement: {
        measure,
        until,
        facts: 'What was found, told neutrally.',
        automated: false,
        policyVersion: '2026-11-29',
        rule: 'none.broken',
      },
      internalNote: null,
      alsoConcerned: [],
      requestId: null,
    }),
  );
  const [row] = await query<{ previous: Record<string, string | null> }>(
    `select previous from decisions where id = ?`,
    [decisionId],
  );
  const decided = {
    decisionId: decisionId!,
    subjectId: id,
    measure,
    until,
    actorId: newId(),
    previous: row?.previous ?? {},
  };
  return () => harness.rows.em.fork().transactional((tx) => decidedSubject(type).takeBack(tx, decided));
}

describe('a list', () => {
  it('is found by everybody once it has a version that counts, by words and in three orders', async () => {
    const words = `Words${Date.now()}`;
    const [b, a, hidden] = [
      await newList({ name: `${words} b` }),
      await newList({ name: `${words} Á`, description: '100%_sure' }),
      await newList({ name: `${words} c`, visibility: 'unlisted' }),
    ];
    const found = async (path: string, by = stranger) =>
      (await allPages(by, `lists?query=${words}${path}`, 1)).map(({ id }) => id);
    expect((await stranger.get(`lists?query=${words}`)).body).toMatchObject({
      items: [],
      emptyReason: 'nothing_matches',
    });
    for (const id of [b, a, hidden]) expect((await publish(id, few.slice(0, 2), 0)).status).toBe(201);
    await subscribe(stranger.id, b);
    expect(await found('')).toEqual([a, b]);
    expect(await found('&sort=name')).toEqual([a, b]);
    expect(await found('&sort=subscribers')).toEqual([b, a]);
    expect(await found('&mine=true')).toEqual([]);
    expect(await found('&mine=true', owner)).toEqual([hidden, a, b]);
    expect(itemsOf(await stranger.get('lists?query=100%25_S')).map(({ id }) => id)).toEqual([a]);
    const page = await stranger.get(`lists?query=${words}&limit=1`);
    expect(outcome(await stranger.get(`lists?sort=name&cursor=${String(page.body.nextCursor)}`))).toEqual([
      400,
      'invalid_cursor',
    ]);
    expect(await list(b, stranger)).toMatchObject({
      subscriberCount: 1,
      entries: 2,
      latestVersion: 1,
      newestVersion: 1,
      part: null,
    });
    expect(await list(b, stranger)).not.toHaveProperty('inReview');
    expect(await list(hidden, stranger)).toMatchObject({ visibility: 'unlisted' });
  });

  it('is its owner’s to change, under the version that they know', async () => {
    const id = await newList();
    expect(outcome(await stranger.send('PATCH', `lists/${id}`, { version: 1, name: 'x' }))).toEqual([
      403,
      'owner_only',
    ]);
    expect(outcome(await stranger.get(`lists/${id}/growth`))).toEqual([403, 'owner_only']);
    expect(outcome(await publish(id, [], 0, {}, stranger))).toEqual([403, 'owner_only']);
    expect((await owner.send('PATCH', `lists/${id}`, { version: 1, name: ' New ' })).body).toMatchObject({
      name: 'New',
      version: 2,
    });
    const late = await owner.send('PATCH', `lists/${id}`, { version: 1, name: 'x' });
    expect(late.body).toMatchObject({ code: 'version_conflict', params: { version: 2 } });
    await subscribe(stranger.id, id);
    expect(outcome(await owner.send('PATCH', `lists/${id}`, { version: 2, visibility: 'private' }))).toEqual([
      409,
      'list_has_subscribers',
    ]);
    expect((await owner.get(`lists/${id}/growth?days=3`)).body).toMatchObject({
      subscribers: 1,
      days: [{ gained: 0 }, { gained: 0 }, { gained: 0, subscribers: 1 }],
    });
  });

  it.each([
    ['POST', 'lists', {}],
    ['POST', 'lists', { ...fair, name: ' ' }],
    ['POST', 'lists', { ...fair, visibility: 'secret' }],
    ['POST', 'lists', { ...fair, surprise: 1 }],
    ['PATCH', 'lists/ID', { name: 'x' }],
    ['POST', 'lists/ID/versions', { entries: [] }],
    ['POST', 'lists/ID/versions', { entries: [], basedOn: -1 }],
    ['POST', 'lists/ID/versions', { entries: [{ artistId: 'x' }], basedOn: 0 }],
    ['POST', 'lists/ID/versions', { entries: [{ artistId: unknownId, reason: 'x'.repeat(301) }], basedOn: 0 }],
    ['GET', 'lists/ID/versions?cursor=e30', undefined],
    ['GET', 'lists/ID/diff?from=0', undefined],
    ['GET', 'lists?sort=best', undefined],
    ['GET', 'lists/ID/growth?days=0', undefined],
  ])('%s %s with nonsense is a 400', async (method, path, body) => {
    const at = path.replace('ID', await newList());
    expect((await owner.send(method, at, body)).status).toBe(400);
  });

  it('without criteria is its owner’s own affair until others can read it', async () => {
    expect(outcome(await owner.send('POST', 'lists', { name: 'Mine', visibility: 'public' }))).toEqual([
      422,
      'list_rules_broken',
    ]);
    const id = await newList({ criteria: '', visibility: 'private' });
    const bare = { entries: [{ artistId: few[0] }], basedOn: 0 };
    expect((await owner.send('POST', `lists/${id}/versions`, bare)).body).toMatchObject({
      state: 'published',
      number: 1,
    });
    expect(outcome(await stranger.get(`lists/${id}`))).toEqual([404, 'not_found']);
    const opened = await owner.send('PATCH', `lists/${id}`, { version: 1, visibility: 'public' });
    expect(opened.body).toMatchObject({
      code: 'list_rules_broken',
      errors: [{ code: 'criteria_missing' }, { path: 'entries[0].reason' }],
    });
    await publish(id, [few[1]!], 1);
    const change = { version: 1, visibility: 'public', criteria: fair.criteria };
    expect((await owner.send('PATCH', `lists/${id}`, change)).body).toMatchObject({ visibility: 'public' });
    // What was private stays it.
    expect(itemsOf(await stranger.get(`lists/${id}/versions`)).map(({ number }) => number)).toEqual([2]);
    expect((await stranger.get(`lists/${id}/versions/1`)).status).toBe(404);
    expect((await stranger.get(`lists/${id}/diff?from=1&to=2`)).status).toBe(404);
    expect((await owner.get(`lists/${id}/versions/1`)).status).toBe(200);
  });
});

describe('a version', () => {
  it('counts at once, never changes, and is told by artist what makes it another', async () => {
    const id = await newList();
    const first = await publish(id, few.slice(0, 3), 0, { note: 'To begin with' });
    expect(first.headers.get('location')).toBe(`/api/v1/lists/${id}/versions/1`);
    expect(first.body).toMatchObject({ number: 1, state: 'published', flags: [], entries: 3, added: 3, removed: 0 });
    const before = await owner.get(`lists/${id}/versions/1`);
    const next = await publish(id, [few[2]!, few[3]!], 1);
    expect(next.body).toMatchObject({ number: 2, entries: 2, added: 1, removed: 2 });
    expect((await owner.get(`lists/${id}/versions/1`)).body).toEqual(before.body);
    expect((await allPages(stranger, `lists/${id}/versions/1`, 2)).map(({ artistId }) => artistId)).toEqual(
      few.slice(0, 3),
    );
    expect((await allPages(stranger, `lists/${id}/versions`, 1)).map(({ number }) => number)).toEqual([2, 1]);
    const diff = await stranger.get(`lists/${id}/diff`);
    expect(diff.body).toMatchObject({ from: 1, to: 2, counts: { added: 1, removed: 2, reasonChanged: 0 } });
    expect(
      (await allPages(stranger, `lists/${id}/diff?from=2&to=1`, 1)).map(({ change, artistId }) => [change, artistId]),
    ).toEqual([
      ['added', few[0]],
      ['added', few[1]],
      ['removed', few[3]],
    ]);
    expect((await stranger.get(`lists/${id}/versions/3`)).status).toBe(404);
  });

  it('comes of one of two who publish at once, and once of one who sends twice', async () => {
    const id = await newList();
    const both = await Promise.all([publish(id, [few[0]!], 0), publish(id, [few[1]!], 0)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'version_conflict',
      params: { newestVersion: 1 },
    });
    const key = { 'idempotency-key': newId() };
    const body = { entries: because(few[2]!), basedOn: 1 };
    const once = await owner.send('POST', `lists/${id}/versions`, body, key);
    expect((await owner.send('POST', `lists/${id}/versions`, body, key)).body).toEqual(once.body);
    expect((await list(id)).newestVersion).toBe(2);
  });

  it('does not come of artists that are not there, or are there twice', async () => {
    const id = await newList();
    const broken = await publish(id, [few[0]!, unknownId, few[0]!.toUpperCase()], 0);
    expect(broken.body).toMatchObject({
      code: 'list_rules_broken',
      errors: [
        { code: 'unknown_artist', path: 'entries[1].artistId' },
        { code: 'artist_twice', path: 'entries[2].artistId' },
      ],
    });
    expect((await list(id)).newestVersion).toBe(0);
  });

  it('that drops somebody turns the plans of those stale who go by the list', async () => {
    const id = await newList();
    const listener = await harness.person();
    await publish(id, few.slice(0, 2), 0);
    await subscribe(listener.id, id);
    const [dropped, kept] = [await planOn(listener.id, few[0]!), await planOn(listener.id, few[1]!)];
    await publish(id, [few[1]!, few[2]!], 1);
    expect([await dropped(), await kept()]).toEqual(['stale', 'ready']);
  });
});

describe('whoever goes by a list', () => {
  const manySubscribers = (listId: string, n: number) =>
    query(
      `with people as (insert into users (id, display_name) select gen_random_uuid(), 'Somebody' from generate_series(1, ?) returning id)
       insert into list_subscriptions (id, user_id, list_id, follows, new_entries) select gen_random_uuid(), id, ?, 'latest', 'at_once' from people`,
      [n, listId],
    );
  const toldOf = (listId: string, number: number) =>
    query<{ n: number; people: number }>(
      `select count(*)::int as n, count(distinct user_id)::int as people from person_events where type = 'list.version_published' and params->>'listId' = ? and (params->>'number')::int = ?`,
      [listId, number],
    );
  const deliveriesTo = (userId: string) =>
    query(`select d.id from webhook_deliveries d join webhooks w on w.id = d.webhook_id where w.user_id = ?`, [userId]);
  const tell = (seconds = 30) => tellSubscribers(harness.rows.em.fork(), seconds);

  it('is told of each version once, by two who tell at once and after one who stopped half-way', async () => {
    await tell();
    const id = await newList();
    await manySubscribers(id, 149);
    const listener = await harness.person();
    await listener.send('POST', 'me/webhooks', {
      url: 'https://hooks.example/',
      events: ['list.version_published'],
    });
    await subscribe(listener.id, id);
    await publish(id, few.slice(0, 2), 0);
    const late = await harness.person();
    await subscribe(late.id, id);
    await query(`update list_subscriptions set created_at = now() + interval '1 minute' where user_id = ?`, [late.id]);
    const some = await tell(0.001);
    expect(some).toBeLessThanOrEqual(100);
    const [one, other] = await Promise.all([tell(), tell()]);
    expect(some + one + other).toBe(150);
    expect(await tell()).toBe(0);
    expect(await toldOf(id, 1)).toEqual([{ n: 150, people: 150 }]);
    expect(itemsOf(await listener.get('me/notifications'))).toMatchObject([
      { type: 'list.version_published', params: { number: 1, added: 2 }, href: `/api/v1/lists/${id}/versions/1` },
    ]);
    expect(itemsOf(await late.get('me/notifications'))).toEqual([]);
    expect(await deliveriesTo(listener.id)).toHaveLength(1);
  });

  it('is not told of what waits, nor of what a moderator has stopped', async () => {
    const id = await newList();
    await manySubscribers(id, 1);
    const waiting = await publish(id, [], 0, {
      entries: [{ artistId: few[0]!, reason: 'They are scum, a review says.' }],
    });
    expect(await tell()).toBe(0);
    await decide('list_version', String(waiting.body.id), 'approve');
    await decide('list_version', String(waiting.body.id), 'reject');
    expect(await tell()).toBe(0);
    await publish(id, [few[1]!], 1);
    expect(await tell()).toBe(1);
  });
});

describe('those who look after a list', () => {
  const curators = async (id: string, by: Caller) =>
    itemsOf(await by.get(`lists/${id}/curators`)).map(({ userId, acceptedAt }) => [userId, acceptedAt !== null]);

  it('are asked by its owner, and are it once they have said so themselves', async () => {
    const id = await newList({ visibility: 'private' });
    const curator = await harness.person();
    const path = `lists/${id}/curators/${curator.id}`;
    expect(outcome(await curator.send('PUT', path))).toEqual([404, 'not_found']);
    for (let twice = 0; twice < 2; twice += 1) expect((await owner.send('PUT', path)).status).toBe(204);
    expect(itemsOf(await curator.get('me/notifications'))).toMatchObject([
      { type: 'list.curator_invited', href: `/api/v1/lists/${id}` },
    ]);
    expect(await list(id, curator)).toMatchObject({ part: 'invited' });
    expect(itemsOf(await curator.get('lists?mine=true'))).toHaveLength(1);
    expect((await curator.send('PUT', path)).status).toBe(204);
    expect(await list(id, curator)).toMatchObject({ part: 'curator' });
    expect(await curators(id, curator)).toEqual([[curator.id, true]]);
    expect(outcome(await curator.send('PUT', `lists/${id}/curators/${stranger.id}`))).toEqual([403, 'owner_only']);
    expect(outcome(await owner.send('PUT', `lists/${id}/curators/${unknownId}`))).toEqual([404, 'not_found']);
    expect(outcome(await curator.send('PATCH', `lists/${id}`, { version: 1, name: 'x' }))).toEqual([403, 'owner_only']);
    // Whoever leaves a private list goes by it no more.
    await publish(id, [few[0]!], 0);
    await subscribe(curator.id, id);
    const plan = await planOn(curator.id, few[0]!);
    expect((await curator.send('DELETE', path)).status).toBe(204);
    expect(await plan()).toBe('stale');
    expect(await list(id)).toMatchObject({ subscriberCount: 0 });
    expect((await curator.get(`lists/${id}`)).status).toBe(404);
    expect(outcome(await owner.send('DELETE', path))).toEqual([404, 'not_found']);
  });

  it('are named to everybody once they have accepted, and not before', async () => {
    const id = await newList();
    const curator = await harness.person();
    await owner.send('PUT', `lists/${id}/curators/${curator.id}`);
    expect(await curators(id, stranger)).toEqual([]);
    expect(await curators(id, owner)).toEqual([[curator.id, false]]);
    await curator.send('PUT', `lists/${id}/curators/${curator.id}`);
    expect(await curators(id, stranger)).toEqual([[curator.id, true]]);
    expect(outcome(await stranger.send('DELETE', `lists/${id}/curators/${curator.id}`))).toEqual([403, 'owner_only']);
  });
});

describe('a proposal', () => {
  let id: string;
  let curator: Caller;
  beforeEach(async () => {
    id = await newList();
    curator = await harness.person();
    await owner.send('PUT', `lists/${id}/curators/${curator.id}`);
    await curator.send('PUT', `lists/${id}/curators/${curator.id}`);
    await publish(id, few.slice(0, 2), 0);
  });
  const propose = (by: Caller, more: Record<string, unknown> = {}) =>
    by.send('POST', `lists/${id}/proposals`, {
      additions: because(few[2]!),
      removals: [few[0]!],
      note: 'Why not',
      ...more,
    });
  const decideOn = (by: Caller, proposal: unknown, verb: string, body?: unknown) =>
    by.send('POST', `lists/${id}/proposals/${String(proposal)}/${verb}`, body);
  const artists = async (n: number) =>
    itemsOf(await owner.get(`lists/${id}/versions/${n}`)).map(({ artistId }) => artistId);

  it('becomes the next version once a curator approves it, once, and whoever made it is told', async () => {
    const made = await propose(stranger);
    expect(made.body).toMatchObject({
      state: 'open',
      own: true,
      additions: [{ artistId: few[2], artistName: 'The Invented Few 2' }],
      removals: [{ artistId: few[0] }],
    });
    expect(itemsOf(await curator.get('me/notifications'))[0]).toMatchObject({ type: 'list.proposal_made' });
    expect(outcome(await decideOn(stranger, made.body.id, 'approve', { basedOn: 1 }))).toEqual([403, 'owner_only']);
    const twice = await Promise.all([1, 2].map(() => decideOn(curator, made.body.id, 'approve', { basedOn: 1 })));
    expect(twice.map(outcome).sort()).toEqual([
      [200, undefined],
      [409, 'already_decided'],
    ]);
    expect(await artists(2)).toEqual([few[1], few[2]]);
    expect(await list(id)).toMatchObject({ latestVersion: 2, newestVersion: 2 });
    expect(itemsOf(await stranger.get(`lists/${id}/proposals?state=approved`))).toMatchObject([{ versionNumber: 2 }]);
    expect(itemsOf(await stranger.get('me/notifications'))[0]).toMatchObject({
      type: 'list.proposal_decided',
      params: { state: 'approved', number: 2 },
    });
  });

  it('is nobody’s to approve who made it, and its maker’s alone to take back', async () => {
    const own = await propose(curator);
    expect(outcome(await decideOn(curator, own.body.id, 'approve', { basedOn: 1 }))).toEqual([403, 'own_case']);
    expect(outcome(await decideOn(curator, own.body.id, 'reject'))).toEqual([403, 'own_case']);
    expect(outcome(await decideOn(owner, own.body.id, 'withdraw'))).toEqual([403, 'owner_only']);
    expect(outcome(await decideOn(stranger, own.body.id, 'withdraw'))).toEqual([404, 'not_found']);
    expect((await decideOn(curator, own.body.id, 'withdraw')).body).toMatchObject({ state: 'withdrawn' });
    expect(outcome(await decideOn(owner, own.body.id, 'approve', { basedOn: 1 }))).toEqual([409, 'already_decided']);
    const denied = await query<{ code: string }>(
      `select details->>'code' as code from audit_entries where subject_id = ? and outcome = 'denied' order by id`,
      [own.body.id],
    );
    expect(denied.map(({ code }) => code)).toEqual([
      'own_case',
      'own_case',
      'owner_only',
      'not_found',
      'already_decided',
    ]);
  });

  it('is not carried out on a list that has changed meanwhile, nor while a version waits', async () => {
    const { id: proposal } = (await propose(stranger)).body;
    await publish(id, [few[3]!], 1);
    expect(outcome(await decideOn(curator, proposal, 'approve', { basedOn: 1 }))).toEqual([409, 'version_conflict']);
    await publish(id, [], 2, { entries: [{ artistId: few[0]!, reason: 'They are scum, a review says.' }] });
    expect(outcome(await decideOn(curator, proposal, 'approve', { basedOn: 3 }))).toEqual([409, 'version_in_review']);
    expect((await decideOn(curator, proposal, 'reject')).body).toMatchObject({
      state: 'rejected',
      versionNumber: null,
    });
  });

  it('is shown to those who look after the list and to its maker, and keeps to the rules', async () => {
    await propose(stranger);
    expect(itemsOf(await (await harness.person()).get(`lists/${id}/proposals`))).toEqual([]);
    expect(await allPages(curator, `lists/${id}/proposals`, 1)).toMatchObject([{ own: false }]);
    expect(outcome(await propose(stranger, { additions: [{ artistId: few[3] }] }))).toEqual([422, 'list_rules_broken']);
    expect(outcome(await propose(stranger, { additions: [], removals: [] }))).toEqual([400, 'invalid_request']);
    for (let n = 1; n < 10; n += 1) await propose(stranger);
    expect(outcome(await propose(stranger))).toEqual([409, 'limit_reached']);
  });
});

describe('what the rules flag', () => {
  const flagged = { entries: [{ artistId: '', reason: 'They are scum, a review says.' }] };
  const openCases = (id: unknown) =>
    query<{ subject_type: string; version: number }>(
      `select subject_type, state, version from moderation_cases where subject_id = ? and state <> 'decided'`,
      [id],
    );

  beforeAll(() => {
    flagged.entries[0]!.artistId = few[0]!;
  });

  it('is published, and told beforehand', async () => {
    const anonymous = await harness.api.call('GET', '/api/v1/lists/rules');
    expect(itemsOf(anonymous)).toContainEqual(expect.objectContaining({ code: 'insult', severity: 'flags' }));
    const id = await newList();
    const told = async (body: Record<string, unknown>) => (await owner.send('POST', 'lists/validate', body)).body;
    expect(await told({ listId: id, ...flagged })).toMatchObject({
      outcome: 'waits',
      findings: [{ code: 'insult', path: 'entries[0].reason' }],
    });
    expect(await told({ listId: id, entries: because(few[0]!) })).toEqual({
      outcome: 'publishes',
      total: 0,
      findings: [],
    });
    expect(await told({ name: 'write to x@example.test' })).toMatchObject({ outcome: 'blocked', total: 2 });
    expect(outcome(await stranger.send('POST', 'lists/validate', { listId: id }))).toEqual([403, 'owner_only']);
    expect((await list(id)).newestVersion).toBe(0);
  });

  it('waits for a moderator, is replaced under the next number, and counts once it is approved', async () => {
    const id = await newList();
    const curator = await harness.person();
    for (const by of [owner, curator]) await by.send('PUT', `lists/${id}/curators/${curator.id}`);
    await publish(id, [few[1]!], 0);
    const waiting = await publish(id, [], 1, flagged);
    expect(waiting.body).toMatchObject({ number: 2, state: 'in_review', flags: ['insult'] });
    expect(await openCases(waiting.body.id)).toMatchObject([{ subject_type: 'list_version', version: 1 }]);
    expect(await list(id)).toMatchObject({ latestVersion: 1, newestVersion: 2, inReview: 2 });
    expect((await stranger.get(`lists/${id}/versions/2`)).status).toBe(404);
    const moderator = await harness.person({ roles: ['moderator'] });
    expect((await moderator.get(`lists/${id}/versions/2`)).status).toBe(200);
    expect(itemsOf(await stranger.get(`lists/${id}/versions`))).toHaveLength(1);
    // Mended, it is the same case of which a moderator learns that it changed.
    expect((await publish(id, few.slice(0, 2), 1)).status).toBe(409);
    await query(`update moderation_cases set state = 'changes_requested' where subject_id = ?`, [waiting.body.id]);
    const mended = await publish(id, few.slice(0, 2), 2);
    expect(mended.body).toMatchObject({ id: waiting.body.id, number: 3, state: 'in_review', flags: [] });
    expect(await openCases(mended.body.id)).toMatchObject([{ state: 'open', version: 2 }]);
    const takeBack = await decide('list_version', String(mended.body.id), 'approve');
    expect(await list(id)).toMatchObject({ latestVersion: 3, inReview: null, entries: 2 });
    // Whoever looks after a list is concerned as its owner is.
    for (const keeper of [owner, curator])
      expect(itemsOf(await keeper.get('me/notifications'))[0]).toMatchObject({ type: 'decision.taken' });
    await takeBack();
    expect(await list(id)).toMatchObject({ latestVersion: 1, newestVersion: 3 });
  });

  it('counts never where it is rejected, and all the same where that is reversed', async () => {
    const id = await newList();
    const waiting = await publish(id, [], 0, flagged);
    const takeBack = await decide('list_version', String(waiting.body.id), 'reject');
    expect((await owner.get(`lists/${id}/versions/1`)).body).toMatchObject({ version: { state: 'rejected' } });
    expect((await publish(id, [few[1]!], 1)).body).toMatchObject({ number: 2, state: 'published' });
    await takeBack();
    expect((await owner.get(`lists/${id}/versions/1`)).body).toMatchObject({ version: { state: 'published' } });
    expect((await list(id)).latestVersion).toBe(2);
  });

  it('opens a private list once a moderator has approved it, and shows new words to one', async () => {
    const id = await newList({ visibility: 'private' });
    await owner.send('POST', `lists/${id}/versions`, { ...flagged, basedOn: 0 });
    const asked = await owner.send('PATCH', `lists/${id}`, { version: 1, visibility: 'public' });
    expect(asked.body).toMatchObject({ visibility: 'private', askedVisibility: 'public', latestVersion: 1 });
    expect(await openCases(id)).toHaveLength(1);
    expect((await stranger.get(`lists/${id}`)).status).toBe(404);
    const moderator = await harness.person({ roles: ['moderator'] });
    expect(await list(id, moderator)).toMatchObject({ askedVisibility: 'public', part: null });
    expect((await moderator.get(`lists/${id}/versions/1`)).status).toBe(200);
    await decide('list', id, 'approve');
    expect(await list(id, stranger)).toMatchObject({ visibility: 'public', askedVisibility: null, latestVersion: 1 });
    await query(`update moderation_cases set state = 'decided' where subject_id = ?`, [id]);
    const { version } = await list(id);
    expect((await owner.send('PATCH', `lists/${id}`, { version, description: 'Scum' })).status).toBe(200);
    expect(await openCases(id)).toHaveLength(1);
  });
});

describe('a decision', () => {
  const tomorrow = new Date(Date.now() + 86_400_000);
  let id: string;
  let listener: Caller;
  let entry: string;
  beforeEach(async () => {
    id = await newList();
    listener = await harness.person();
    await publish(id, few.slice(0, 2), 0);
    await subscribe(listener.id, id);
    entry = String(itemsOf(await owner.get(`lists/${id}/versions/1`))[0]!.entryId);
  });
  const states = async (by = stranger) => itemsOf(await by.get(`lists/${id}/versions/1`)).map(({ state }) => state);

  it('takes an entry off every version, keeps it off the next, and is reversed', async () => {
    const plan = await planOn(listener.id, few[0]!);
    const takeBack = await decide('list_entry', entry, 'reject');
    expect(await states()).toEqual(['withdrawn', 'standing']);
    expect(await plan()).toBe('stale');
    expect((await publish(id, few.slice(0, 3), 1)).body).toMatchObject({
      errors: [{ code: 'withdrawn_entry', path: 'entries[0].artistId' }],
    });
    await takeBack();
    expect(await states()).toEqual(['standing', 'standing']);
    expect((await publish(id, few.slice(0, 3), 1)).status).toBe(201);
  });

  it('keeps an entry, or the list, from taking effect for a time', async () => {
    const takeBack = await decide('list_entry', entry, 'restrict', tomorrow);
    expect(await states()).toEqual(['restricted', 'standing']);
    await takeBack();
    expect(await states()).toEqual(['standing', 'standing']);
    const plan = await planOn(listener.id, few[1]!);
    const lift = await decide('list', id, 'restrict', tomorrow);
    expect(await list(id, stranger)).toMatchObject({ restricted: true, restrictedUntil: tomorrow.toISOString() });
    expect(await plan()).toBe('stale');
    await query(`update community_lists set restricted_until = now() where id = ?`, [id]);
    expect(await list(id, stranger)).toMatchObject({ restricted: false, restrictedUntil: null });
    await lift();
    const forGood = await decide('list', id, 'reject');
    expect(await list(id, stranger)).toMatchObject({ restricted: true, restrictedUntil: null });
    await forGood();
    expect(await list(id, stranger)).toMatchObject({ restricted: false });
    await (
      await decide('list', id, 'approve')
    )();
    expect(await list(id, stranger)).toMatchObject({ restricted: true });
  });

  it('takes a version back that counts already, for whoever follows or pinned it', async () => {
    await publish(id, few.slice(1, 3), 1);
    const pinned = await harness.person();
    await subscribe(pinned.id, id, 2);
    const plans = [await planOn(listener.id, few[2]!), await planOn(pinned.id, few[1]!)];
    const { id: version } = (await owner.get(`lists/${id}/versions/2`)).body.version as { id: string };
    await decide('list_version', version, 'reject');
    expect(await list(id)).toMatchObject({ latestVersion: 1, newestVersion: 2 });
    expect(await Promise.all(plans.map((status) => status()))).toEqual(['stale', 'stale']);
  });
});

describe('what becomes of lists', () => {
  it('when artists become one: each version has them once, and twice again when they are parted', async () => {
    const [kept, merged] = [
      await harness.rows.artist('The Invented Few A'),
      await harness.rows.artist('The Invented Few B'),
    ];
    const id = await newList();
    await publish(id, [few[0]!, merged, kept], 0);
    const artists = async (n: number) =>
      itemsOf(await stranger.get(`lists/${id}/versions/${n}`)).map(({ artistId }) => artistId);
    const merging = <T>(work: (tx: EntityManager) => Promise<T>) =>
      harness.rows.em.fork().transactional(async (tx) => {
        await holdArtists(tx);
        return work(tx);
      });
    await merging((tx) => applyMerge(tx, { keptId: kept, mergedId: merged }));
    expect(await artists(1)).toEqual([few[0], kept]);
    // By its old id, as somebody may have it still.
    expect((await publish(id, [merged], 1)).body).toMatchObject({ added: 0, removed: 1 });
    expect(await artists(2)).toEqual([kept]);
    expect(outcome(await publish(id, [merged, kept], 2))).toEqual([422, 'list_rules_broken']);
    await merging((tx) => takeMergeBack(tx, merged));
    expect(await artists(1)).toEqual([few[0], merged, kept]);
    expect(await artists(2)).toEqual([merged]);
  });

  it('when somebody leaves: what others go by stays, their private lists and open proposals do not', async () => {
    const [leaver, listener] = [await harness.person(), await harness.person()];
    const [shared, secret] = [await newList({}, leaver), await newList({ visibility: 'private' }, leaver)];
    for (const id of [shared, secret]) {
      await publish(id, [few[0]!], 0, {}, leaver);
      await subscribe(listener.id, id);
    }
    const others = await newList();
    await publish(others, [few[1]!], 0);
    await subscribe(leaver.id, others);
    await leaver.send('POST', `lists/${others}/proposals`, { removals: [few[1]!] });
    const plan = await planOn(listener.id, few[0]!);
    const grants = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };
    await harness.rows.em.fork().transactional((tx) => erasePerson(tx, { userId: leaver.id, grants, requestId: null }));
    expect(await list(shared, listener)).toMatchObject({ latestVersion: 1, part: null, subscriberCount: 1 });
    expect((await listener.get(`lists/${secret}`)).status).toBe(404);
    expect(await query(`select id from community_lists where id = ?`, [secret])).toEqual([]);
    expect(await plan()).toBe('stale');
    expect(itemsOf(await owner.get(`lists/${others}/proposals`))).toEqual([]);
    expect((await owner.get(`lists/${others}/growth?days=1`)).body).toMatchObject({
      subscribers: 0,
      days: [{ lost: 1 }],
    });
  });
});
