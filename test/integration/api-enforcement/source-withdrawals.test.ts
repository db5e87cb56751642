import { createWithdrawalActivities } from '../../../activities/source-withdrawals';
import { rememberTracks } from '../../../adapters/postgres/catalog';
import { newId } from '../../../adapters/postgres/ids';
import { withdrawSource } from '../../../adapters/postgres/source-changes';
import { dueNotices, gatherWithdrawal, tellOfWithdrawal } from '../../../adapters/postgres/source-withdrawals';
import type { FollowedSource } from '../../../domain/source-withdrawals';
import { FollowedRows } from './followed-rows';
import { itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let followed: FollowedRows;
let activities: ReturnType<typeof createWithdrawalActivities>;
let [artistId, otherId] = ['', ''];
let person: Caller;
let connectionId = '';

beforeAll(async () => {
  harness = await startHarness();
  followed = new FollowedRows(harness.rows.em);
  activities = createWithdrawalActivities({ orm: harness.api.deps.orm });
  const [first, second] = [
    { providerId: 'first', name: 'The Invented Few' },
    { providerId: 'second', name: 'The Invented Others' },
  ];
  const track = (id: string, artists: (typeof first)[]) => ({
    uri: `spotify:track:${id}`,
    name: id,
    durationMs: null,
    isrc: null,
    artists,
    album: null,
  });
  await rememberTracks(harness.rows.em, 'spotify', [track('alone', [first]), track('shared', [first, second])]);
  artistId = await harness.rows.artist(first.name, first.providerId);
  otherId = await harness.rows.artist(second.name, second.providerId);
});
beforeEach(async () => {
  await sql(`delete from offenses`);
  await sql(`delete from source_withdrawals`);
  [person, connectionId] = await somebody();
});
afterAll(() => harness.api.close());

const sql = <T = Record<string, unknown>>(statement: string, values: unknown[] = []) =>
  harness.api.deps.orm.em.fork().execute<T[]>(statement, values);
const withdraw = (source: FollowedSource, of = [artistId], decisionId: string | null = newId()) =>
  harness.api.deps.orm.em.fork().transactional((tx) => withdrawSource(tx, { source, artistIds: of, decisionId }));
const told = async (who: Caller) =>
  itemsOf(await who.get('me/notifications')).filter(({ type }) => type === 'source.withdrawn');

async function somebody(): Promise<[Caller, string]> {
  const caller = await harness.person();
  return [caller, await harness.rows.connection(caller.id)];
}

/** What the workflow does. */
async function tell(): Promise<number> {
  while ((await activities.gatherWithdrawn()).more);
  let count = 0;
  for (let after: string | null = null; ;) {
    const page = await activities.tellWithdrawn({ after, people: 2 });
    count += page.told;
    if (page.last === null) return count;
    after = page.last;
  }
}

/** A run that took both songs out because of these. */
async function changedBy(sources: string[], status?: string): Promise<string> {
  const { id } = await harness.rows.run(person.id, connectionId, status ? { status } : {});
  const action = { status: status ? 'pending' : 'applied', artistId, sources } as const;
  await harness.rows.actions(id, [
    { ...action, uri: 'spotify:track:alone', losses: ['date_added'] },
    { ...action, uri: 'spotify:track:shared' },
  ]);
  return id;
}

/** A list with the artist that the person follows, by which both songs left. */
async function followedList(): Promise<{ list: FollowedSource & { kind: 'list' }; key: string }> {
  const listId = await followed.list({ versions: [{ artistIds: [artistId] }] });
  await followed.follow(person.id, listId);
  return { list: { kind: 'list', listId }, key: `list:${listId}:${artistId}` };
}

async function followedOffense(): Promise<{ offense: FollowedSource & { kind: 'category' }; key: string }> {
  const offenseId = await followed.offense(artistId, 'fraud');
  await followed.followCategory(person.id, 'fraud');
  return { offense: { kind: 'category', category: 'fraud', offenseId }, key: `offense:${offenseId}` };
}
const reject = ({ offenseId }: FollowedSource & { kind: 'category' }) =>
  sql(`update offenses set status = 'rejected' where id = ?`, [offenseId]);

it('is heard of by whom it concerns once the run on it has ended, with the rollback of just that', async () => {
  const { list, key } = await followedList();
  const { offense, key: offenseKey } = await followedOffense();
  const planId = await harness.rows.plan(person.id, connectionId);
  const sources = [
    { kind: 'own' as const },
    { ...list, version: 1 },
    { kind: 'category' as const, category: 'fraud', offenseIds: [offense.offenseId] },
  ];
  await harness.rows.items(planId, [
    { uri: 'spotify:track:alone', artistId, sources, losses: ['date_added'] },
    { uri: 'spotify:track:shared', artistId, sources: [{ kind: 'own' }] },
  ]);
  const later = await harness.rows.plan(person.id, connectionId);
  // A song of nobody's, blocked as such, is in it as well.
  await harness.rows.items(later, [
    { uri: 'spotify:track:nobodys', artistId: '' },
    { uri: 'spotify:track:alone', artistId, sources },
  ]);
  const { runId } = (await person.send('POST', `enforcement/plans/${planId}/execute`, { confirm: true })).body;
  expect(await sql(`select sources from actions where run_id = ? order by seq`, [runId])).toEqual([
    { sources: [key, offenseKey].sort() },
    { sources: [] },
  ]);
  await sql(`update actions set status = 'applied' where run_id = ?`, [runId]);

  const decisionId = newId();
  await reject(offense);
  await followed.decideEntry(list.listId, artistId, 'withdrawn');
  await withdraw(offense, [artistId], decisionId);
  expect(outcome(await person.send('POST', `enforcement/plans/${later}/execute`, { confirm: true }))).toEqual([
    409,
    'plan_stale',
  ]);
  expect(await tell()).toBe(0);
  await sql(`update runs set status = 'completed', finished_at = now() where id = ?`, [runId]);
  await sql(`delete from connection_locks where connection_id = ?`, [connectionId]);
  expect((await Promise.all([tell(), tell()])).reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await tell()).toBe(0);

  const [notice, ...others] = await told(person);
  expect(others).toEqual([]);
  const { withdrawalId } = notice!.params as { withdrawalId: string };
  expect(notice).toMatchObject({
    params: { withdrawalId, artistId, artists: 1, decisionId, actions: 1 },
    href: `/api/v1/enforcement/restores/${withdrawalId}`,
  });
  const path = String(notice!.href).replace('/api/v1/', '');
  expect((await person.get(path)).body).toMatchObject({
    id: withdrawalId,
    source: offense,
    artists: [{ id: artistId, name: 'The Invented Few' }],
    decisionId,
    total: 1,
    exact: 0,
    byLoss: { date_added: 1 },
    byConnection: [{ connectionId, total: 1 }],
    items: [{ runId, connectionId }],
    skippedTotal: 0,
  });
  const answers = await Promise.all([1, 2].map(() => person.send('POST', path)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  const started = answers.find(({ status }) => status === 202)!.body;
  expect(started).toMatchObject({ runs: [{ connectionId, actions: 1 }], skipped: 0 });
  const [{ runId: rollbackId }] = started.runs as [{ runId: string }];
  expect((await person.get(`enforcement/runs/${rollbackId}`)).body).toMatchObject({
    runType: 'rollback',
    rollbackOf: [runId],
  });
  const [[stranger], [back]] = [
    await somebody(),
    await sql(`select details from audit_entries where event = 'source.restore_requested' and actor_id = ?`, [
      person.id,
    ]),
  ];
  expect(back).toEqual({ details: { actions: 1, skipped: 0, runs: 1 } });
  for (const method of ['GET', 'POST']) expect(outcome(await stranger.send(method, path))).toEqual([404, 'not_found']);
});

it('offers what is left where some of it is back, and nothing where all is', async () => {
  const { list, key } = await followedList();
  await followed.decideEntry(list.listId, artistId, 'withdrawn');
  const runId = await changedBy([key]);
  await withdraw(list);
  expect(await tell()).toBe(1);
  const path = String((await told(person))[0]!.href).replace('/api/v1/', '');
  await sql(`update actions set status = 'undone' where run_id = ? and uri = 'spotify:track:alone'`, [runId]);
  expect((await person.get(path)).body).toMatchObject({ total: 1, exact: 1 });
  await sql(`update actions set status = 'undone' where run_id = ?`, [runId]);
  expect((await person.get(path)).body).toMatchObject({ total: 0, items: [] });
  expect(outcome(await person.send('POST', path))).toEqual([409, 'nothing_to_undo']);
  await sql(`insert into user_suspensions (id, user_id, reason, suspended_by) values (?, ?, 'Why', ?)`, [
    newId(),
    person.id,
    newId(),
  ]);
  expect((await person.get(path)).status).toBe(200);
});

describe('is heard of', () => {
  it.each([
    [
      'by who has left the list since',
      2,
      async (listId: string) => void (await sql(`delete from list_subscriptions where list_id = ?`, [listId])),
    ],
    ['of what the other artist of a song does not want out', 1, () => person.send('PUT', `blocks/${otherId}`, {})],
    [
      'where nothing but an offense under appeal speaks against the artist',
      2,
      async () => {
        await followed.offense(artistId, 'extremism', { status: 'contested' });
        await followed.followCategory(person.id, 'extremism');
      },
    ],
    ['by nobody who blocks the artist, too', 0, () => person.send('PUT', `blocks/${artistId}`, {})],
    [
      'by nobody whose pinned version has the artist still',
      0,
      async (listId: string) => {
        await sql(`update list_entries set withdrawn_at = null where list_id = ?`, [listId]);
        await followed.version(listId, { artistIds: [] });
        await sql(`update community_lists set latest_version = 2 where id = ?`, [listId]);
        await sql(`update list_subscriptions set list_version = 1, follows = 'pinned' where list_id = ?`, [listId]);
      },
    ],
    [
      'by who follows the version that has the artist no more',
      2,
      async (listId: string) => {
        await sql(`update list_entries set withdrawn_at = null where list_id = ?`, [listId]);
        await followed.version(listId, { artistIds: [] });
        await sql(`update community_lists set latest_version = 2 where id = ?`, [listId]);
      },
    ],
  ] as [string, number, (listId: string) => Promise<unknown>][])('%s', async (_, actions, happens) => {
    const { list, key } = await followedList();
    await changedBy([key]);
    await followed.decideEntry(list.listId, artistId, 'withdrawn');
    await happens(list.listId);
    await withdraw(list);
    expect(await tell()).toBe(actions > 0 ? 1 : 0);
    expect((await told(person)).map(({ params }) => (params as { actions: number }).actions)).toEqual(
      actions > 0 ? [actions] : [],
    );
  });

  it('where an offense is moved to a category that the person does not follow, and not where they do', async () => {
    const { offense, key } = await followedOffense();
    await changedBy([key]);
    const mover = person;
    [person, connectionId] = await somebody();
    await changedBy([key]);
    await followed.followCategory(person.id, 'fraud');
    await followed.followCategory(person.id, 'extremism');
    await sql(`update offenses set category = 'extremism' where id = ?`, [offense.offenseId]);
    await withdraw(offense);
    expect(await tell()).toBe(1);
    expect(await told(mover)).toHaveLength(1);
    expect(await told(person)).toEqual([]);
  });

  it('once the last source is withdrawn, where another one came that kept it out', async () => {
    const { list, key } = await followedList();
    await changedBy([key]);
    const { offense } = await followedOffense();
    await followed.decideEntry(list.listId, artistId, 'withdrawn');
    await withdraw(list);
    expect(await tell()).toBe(0);
    await reject(offense);
    await withdraw(offense);
    expect(await tell()).toBe(1);
    expect(await told(person)).toMatchObject([{ params: { actions: 2 } }]);
  });

  it('where what went was an artist’s who has become another since', async () => {
    const { list } = await followedList();
    const former = newId();
    await sql(`insert into former_artists (id, artist_id, row) values (?, ?, '{}')`, [former, artistId]);
    await changedBy([`list:${list.listId}:${former}`]);
    await followed.decideEntry(list.listId, artistId, 'withdrawn');
    await withdraw(list);
    await sql(`delete from former_artists where id = ?`, [former]);
    expect(await tell()).toBe(1);
  });

  it('where a run tried anew what had failed before', async () => {
    const { list, key } = await followedList();
    await followed.decideEntry(list.listId, artistId, 'withdrawn');
    const runId = await changedBy([key]);
    await sql(`update actions set status = 'failed', outcome_code = 'unavailable' where run_id = ?`, [runId]);
    await withdraw(list);
    expect(await tell()).toBe(0);
    expect((await person.send('POST', `enforcement/runs/${runId}/retry-failed`)).status).toBe(202);
    expect(await tell()).toBe(0);
    await sql(`update actions set status = 'applied' where run_id = ?`, [runId]);
    await sql(`update runs set status = 'completed', finished_at = now() where id = ?`, [runId]);
    expect(await tell()).toBe(1);
  });
});

it('dies anywhere, and goes on with who is left', async () => {
  const { list, key } = await followedList();
  await followed.decideEntry(list.listId, artistId, 'withdrawn');
  const people: Caller[] = [];
  for (let n = 0; n < 5; n += 1) {
    [person, connectionId] = await somebody();
    people.push(person);
    await changedBy([key]);
  }
  const { orm } = harness.api.deps;
  const dying = (work: () => Promise<unknown>) => expect(work()).rejects.toThrow('died');
  await dying(() =>
    orm.em.fork().transactional(async (tx) => {
      await withdrawSource(tx, { source: list, artistIds: [artistId], decisionId: null });
      throw new Error('died');
    }),
  );
  expect(await tell()).toBe(0);
  await withdraw(list);
  await dying(() =>
    orm.em.fork().transactional(async (tx) => {
      await gatherWithdrawal(tx);
      throw new Error('died');
    }),
  );
  while ((await activities.gatherWithdrawn()).more);
  const [first] = await dueNotices(orm.em.fork(), null, 1);
  await dying(() =>
    orm.em.fork().transactional(async (tx) => {
      expect(await tellOfWithdrawal(tx, first!)).toBe(true);
      throw new Error('died');
    }),
  );
  expect(await activities.tellWithdrawn({ after: null, people: 2 })).toMatchObject({ told: 2 });
  const counts = await Promise.all([tell(), tell(), tell()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  for (const each of people) expect(await told(each)).toHaveLength(1);
});

(process.env.LONG ? it : it.skip)(
  'reaches thousands, page by page',
  async () => {
    const { list, key } = await followedList();
    await followed.decideEntry(list.listId, artistId, 'withdrawn');
    const people = Number(process.env.WITHDRAWN_FROM) || 3_000;
    await sql(
      `with made as (insert into users (id, display_name) select gen_random_uuid(), 'Somebody' from generate_series(1, ?) returning id),
         connected as (insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota, health)
           select gen_random_uuid(), id, 'spotify', id::text, 'me', 'Somebody', 'client', 'spotify-default', 'healthy' from made returning id, user_id),
         following as (insert into list_subscriptions (id, user_id, list_id, follows, new_entries) select gen_random_uuid(), id, ?, 'latest', 'at_once' from made),
         ran as (insert into runs (id, user_id, connection_id, job_id, run_type, status, epoch, finished_at)
           select gen_random_uuid(), user_id, id, gen_random_uuid(), 'enforce', 'completed', 1, now() from connected returning id)
       insert into actions (id, run_id, seq, action_type, item_type, uri, name, status, artist_ids, sources)
         select gen_random_uuid(), ran.id, n, 'unlike_track', 'liked_track', case when n % 10 = 0 then 'spotify:track:alone' else 'spotify:track:' || n end, 'A Song', 'applied',
           array[?::uuid], case when n % 10 = 0 then array[?] else '{}' end from ran, generate_series(1, 100) n`,
      [people, list.listId, artistId, key],
    );
    const began = Date.now();
    await withdraw(list);
    const withdrawn = Date.now();
    while ((await activities.gatherWithdrawn()).more);
    const gathered = Date.now();
    let count = 0;
    for (let after: string | null = null; ;) {
      const page = await activities.tellWithdrawn({ after, people: 100 });
      count += page.told;
      if (page.last === null) break;
      after = page.last;
    }
    expect(count).toBe(people);
    const seconds = (from: number, to: number) => ((to - from) / 1_000).toFixed(1);
    process.stdout.write(
      `${people} people: withdrawn in ${seconds(began, withdrawn)} s, found in ${seconds(withdrawn, gathered)} s, told in ${seconds(gathered, Date.now())} s\n`,
    );
  },
  900_000,
);
