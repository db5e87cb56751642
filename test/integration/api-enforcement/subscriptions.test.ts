import { createPlanActivities } from '../../../activities/plans';
import { newId } from '../../../adapters/postgres/ids';
import { loosenSource } from '../../../adapters/postgres/source-changes';
import { forgetfulAppBook } from '../../../adapters/providers/spotify/app-book';
import { MergeStage } from './merge-stage';
import { FollowedRows } from './followed-rows';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let rows: FollowedRows;
let activities: ReturnType<typeof createPlanActivities>;
let person: Caller;
let connectionId: string;
let [fen, marla, dock] = ['', '', ''];
const artistNames = ['Fen Invented', 'Marla Quent', 'Dock Workers'];

beforeAll(async () => {
  harness = await startHarness();
  rows = new FollowedRows(harness.rows.em);
  activities = createPlanActivities({
    orm: harness.api.deps.orm,
    spotifyApps: forgetfulAppBook,
    callRates: { spotify: 20, apple_music: 20 },
    unattendedListHours: 48,
  });
  [fen, marla, dock] = (await Promise.all(
    artistNames.map((name) => harness.rows.artist(name, name.replaceAll(' ', ''))),
  )) as [string, string, string];
});
afterAll(() => harness.api.close());

beforeEach(async () => {
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
  await sql(`update connections set account_user_id = 'me' where id = ?`, [connectionId]);
  const by = (id: string, artist: string) => ({ id, name: id, artistId: artist.replaceAll(' ', ''), artist });
  await harness.rows.library(connectionId, {
    tracks: [by('su1', artistNames[0]!), by('su2', artistNames[1]!), by('su3', artistNames[2]!)],
    likes: ['su1', 'su2', 'su3'],
    playlists: [{ id: 'mine', name: 'Mine', ownerId: 'me', tracks: ['su1', 'su2', null, 'su1'] }],
  });
});

const sql = <T = Record<string, unknown>>(statement: string, values: unknown[] = []) =>
  harness.rows.em.execute<T[]>(statement, values);

async function planned(): Promise<string> {
  const made = await person.send('POST', 'enforcement/plans', { connectionId, preset: 'standard' });
  const planId = String(made.body.planId);
  await activities.makePlan({ planId });
  return planId;
}
const plan = async (planId: string) => (await person.get(`enforcement/plans/${planId}`)).body;
const itemsOfPlan = async (planId: string) => itemsOf(await person.get(`enforcement/plans/${planId}/items?limit=100`));
const seen = (items: Record<string, unknown>[]) =>
  items.map(({ itemType, uri, included, matches }) => [
    itemType,
    uri,
    included,
    (matches as { sources: unknown }[])[0]?.sources,
  ]);
const follow = (listId: string, body?: unknown) => person.send('PUT', `lists/${listId}/subscription`, body);
const effective = async () =>
  Object.fromEntries(
    (await allPages(person, 'blocks/effective', 2)).map(({ artistId, sources }) => [artistId, sources]),
  );

describe('going by a list', () => {
  it('keeps out whom it has, says so wherever that is asked, and ends with it', async () => {
    const listId = await rows.list({ versions: [{ artistIds: [fen] }, { artistIds: [fen, marla] }] });
    const made = await follow(listId);
    expect(made).toMatchObject({
      status: 201,
      body: {
        list: { id: listId, name: 'The Invented Few', href: `/api/v1/lists/${listId}` },
        follows: 'latest',
        newEntries: 'at_once',
        version: 2,
        latestVersion: 2,
        difference: null,
        waitsForReview: false,
        restricted: false,
      },
    });
    const source = { kind: 'list', listId, version: 2 };
    expect(await effective()).toEqual({ [fen]: [source], [marla]: [source] });
    expect((await person.get(`artists/${fen}`)).body.blocked).toBe(true);
    const checked = await person.send('POST', 'blocks/check', { uris: ['spotify:track:su1', 'spotify:track:su3'] });
    expect(itemsOf(checked)).toMatchObject([
      { blocked: true, matches: [{ source: 'list', sources: [source] }] },
      { blocked: false },
    ]);
    expect((await person.get('me')).body.setup).toMatchObject({ blocks: 0, subscriptions: 1, next: 'plan' });

    const planId = await planned();
    expect(seen(await itemsOfPlan(planId))).toEqual([
      ['liked_track', 'spotify:track:su1', true, [source]],
      ['liked_track', 'spotify:track:su2', true, [source]],
      ['playlist_track', 'spotify:track:su1', true, [source]],
      ['playlist_track', 'spotify:track:su2', true, [source]],
    ]);
    expect((await follow(listId)).status).toBe(200);
    expect(await plan(planId)).toMatchObject({ status: 'ready' });

    expect((await person.send('DELETE', `lists/${listId}/subscription`)).status).toBe(204);
    expect(outcome(await person.send('DELETE', `lists/${listId}/subscription`))).toEqual([404, 'not_found']);
    expect(await plan(planId)).toMatchObject({ status: 'stale', staleReasons: ['subscription_ended'] });
    expect(await effective()).toEqual({});
    const events = await sql(`select event from audit_entries where actor_id = ? and subject_id = ? order by id`, [
      person.id,
      listId,
    ]);
    expect(events.map(({ event }) => event)).toEqual([
      'subscription.made',
      'subscription.changed',
      'subscription.ended',
    ]);
    expect(await sql(`select gained, lost from list_subscriber_days where list_id = ?`, [listId])).toEqual([
      { gained: 1, lost: 1 },
    ]);
  });

  it('waits with a new version until it is accepted, and turns plans stale where that loosens', async () => {
    const listId = await rows.list({ versions: [{ artistIds: [fen, marla] }] });
    expect((await follow(listId, { newEntries: 'after_review' })).body).toMatchObject({
      version: 1,
      waitsForReview: false,
    });
    await rows.version(listId, { artistIds: [marla, dock] });
    await sql(`update community_lists set latest_version = 2 where id = ?`, [listId]);
    const waiting = { version: 1, latestVersion: 2, difference: { added: 1, removed: 1 }, waitsForReview: true };
    expect(itemsOf(await person.get('me/subscriptions'))).toMatchObject([waiting]);
    expect(Object.keys(await effective()).sort()).toEqual([fen, marla].sort());
    expect((await follow(listId, { newEntries: 'after_review' })).body).toMatchObject(waiting);
    const planId = await planned();
    expect((await follow(listId, { newEntries: 'after_review', version: 2 })).body).toMatchObject({
      version: 2,
      waitsForReview: false,
    });
    expect(Object.keys(await effective()).sort()).toEqual([marla, dock].sort());
    expect(await plan(planId)).toMatchObject({ status: 'stale', staleReasons: ['subscription_changed'] });
    expect((await follow(listId, { follows: 'pinned', version: 1 })).body).toMatchObject({
      version: 1,
      waitsForReview: false,
      difference: { added: 1, removed: 1 },
    });
    expect((await follow(listId, { follows: 'pinned' })).body).toMatchObject({ version: 1 });
  });

  it('leaves a plan alone where it only adds', async () => {
    const listId = await rows.list({ versions: [{ artistIds: [fen] }, { artistIds: [fen, marla] }] });
    await follow(listId, { follows: 'pinned', version: 1 });
    const planId = await planned();
    await follow(listId, { follows: 'latest' });
    expect(await plan(planId)).toMatchObject({ status: 'ready' });
  });

  it('is not for a list that is restricted, has nothing that counts, is somebody’s own, or not there', async () => {
    const refusal = async (list: Parameters<FollowedRows['list']>[0]) => outcome(await follow(await rows.list(list)));
    const versions = [{ artistIds: [fen] }];
    expect(await refusal({ versions, restriction: 'now' })).toEqual([409, 'list_restricted']);
    expect(await refusal({ versions, restriction: 'forever' })).toEqual([409, 'list_restricted']);
    expect(await refusal({ versions, restriction: 'past' })).toEqual([201, undefined]);
    expect(await refusal({ versions: [], latest: null })).toEqual([409, 'list_unpublished']);
    const owner = await harness.person();
    expect(await refusal({ versions, visibility: 'private', ownerId: owner.id })).toEqual([404, 'not_found']);
    expect(await refusal({ versions, visibility: 'private', ownerId: person.id })).toEqual([201, undefined]);
    expect(await refusal({ versions, visibility: 'unlisted', ownerId: owner.id })).toEqual([201, undefined]);
    for (const id of [unknownId, 'not-an-id']) expect(outcome(await follow(id))).toEqual([404, 'not_found']);
  });

  it('takes no version that is not there or does not count, and none where every new one counts at once', async () => {
    const listId = await rows.list({
      versions: [{ artistIds: [fen] }, { artistIds: [fen, dock], state: 'rejected' }],
      latest: 1,
    });
    expect(outcome(await follow(listId, { follows: 'pinned', version: 2 }))).toEqual([404, 'not_found']);
    expect(outcome(await follow(listId, { follows: 'pinned', version: 7 }))).toEqual([404, 'not_found']);
    expect(outcome(await follow(listId, { version: 1 }))).toEqual([400, 'invalid_request']);
    expect(outcome(await follow(listId, { follows: 'always' }))).toEqual([400, 'invalid_request']);
    expect((await person.get('me/subscriptions')).body).toMatchObject({ items: [], emptyReason: 'no_subscriptions' });
  });

  it('clicked often is one subscription, counted once', async () => {
    const listId = await rows.list({ versions: [{ artistIds: [fen] }] });
    const answers = await Promise.all(Array.from({ length: 5 }, () => follow(listId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(await sql(`select gained, lost from list_subscriber_days where list_id = ?`, [listId])).toEqual([
      { gained: 1, lost: 0 },
    ]);
  });

  it('ends while a version is being published, and neither waits for the other for good', async () => {
    const listId = await rows.list({ versions: [{ artistIds: [fen] }] });
    await follow(listId);
    const planId = await planned();
    // So that the day is written anew, which asks for the list.
    await sql(`delete from list_subscriber_days where list_id = ?`, [listId]);
    const waiting = () =>
      sql(
        `select l.pid from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`,
      );
    let ending: ReturnType<Caller['send']> | undefined;
    let ended = false;
    await harness.api.deps.orm.em.fork().transactional(async (tx) => {
      await tx.execute(`select id from community_lists where id = ? for update`, [listId]);
      ending = person.send('DELETE', `lists/${listId}/subscription`).finally(() => (ended = true));
      while (!ended && (await waiting()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await loosenSource(tx, { kind: 'list', listId }, [fen], 'source_withdrawn');
    });
    expect((await ending)?.status).toBe(204);
    expect(await plan(planId)).toMatchObject({ status: 'stale', staleReasons: ['source_withdrawn'] });
  });

  it('waits in a plan that nobody looks at with what a version younger than two days adds, not with what it takes off', async () => {
    const listId = await rows.list({
      versions: [
        { artistIds: [fen, marla], hoursOld: 49 },
        { artistIds: [fen, dock], hoursOld: 47 },
      ],
    });
    await follow(listId);
    const planId = await planned();
    const likes = async () =>
      seen((await itemsOfPlan(planId)).filter(({ itemType }) => itemType === 'liked_track')).map(
        ([, uri, , sources]) => [uri, sources],
      );
    expect(await likes()).toEqual(
      [2, 2].map((version, n) => [`spotify:track:su${n * 2 + 1}`, [{ kind: 'list', listId, version }]]),
    );
    await sql(`insert into scheduled_enforcements (id, connection_id, due_at, plan_id) values (?, ?, now(), ?)`, [
      newId(),
      connectionId,
      planId,
    ]);
    await person.send('POST', `enforcement/plans/${planId}/refresh`);
    await activities.makePlan({ planId });
    expect(await likes()).toEqual([['spotify:track:su1', [{ kind: 'list', listId, version: 1 }]]]);
  });
});

describe('going by a category', () => {
  it('keeps out whom verified offenses speak against, has the others looked at, and ends with it', async () => {
    const verified = await rows.offense(fen, 'fraud');
    const contested = await rows.offense(marla, 'fraud', { status: 'contested' });
    for (const status of ['pending', 'rejected'] as const) await rows.offense(dock, 'fraud', { status });
    await rows.offense(dock, 'fraud', { restriction: 'now' });
    const made = await person.send('PUT', 'category-subscriptions/fraud');
    expect(made).toMatchObject({ status: 201, body: { category: 'fraud', artists: 1, contested: 1 } });
    expect((await person.send('PUT', 'category-subscriptions/fraud')).status).toBe(200);
    expect(itemsOf(await person.get('category-subscriptions'))).toMatchObject([
      { category: 'fraud', artists: 1, contested: 1 },
    ]);
    const sourceOf = (id: string) => ({ kind: 'category', category: 'fraud', offenseIds: [id] });
    const planId = await planned();
    expect(seen(await itemsOfPlan(planId))).toEqual([
      ['liked_track', 'spotify:track:su1', true, [sourceOf(verified)]],
      ['liked_track', 'spotify:track:su2', false, [sourceOf(contested)]],
      ['playlist_track', 'spotify:track:su1', true, [sourceOf(verified)]],
      ['playlist_track', 'spotify:track:su2', false, [sourceOf(contested)]],
    ]);
    expect((await itemsOfPlan(planId)).map(({ needsReview }) => needsReview)).toEqual([false, true, false, true]);
    expect((await person.get(`artists/${marla}`)).body.blocked).toBe(false);
    expect((await person.get('blocks/effective')).body.items).toMatchObject(
      [fen, marla].sort().map((artistId) => ({ artistId, contested: artistId === marla })),
    );

    await rows.switchOffenses(false);
    expect(await effective()).toEqual({});
    expect(outcome(await person.send('PUT', 'category-subscriptions/hate_speech'))).toEqual([404, 'offenses_disabled']);
    await rows.switchOffenses(true);

    expect((await person.send('DELETE', 'category-subscriptions/fraud')).status).toBe(204);
    expect(outcome(await person.send('DELETE', 'category-subscriptions/fraud'))).toEqual([404, 'not_found']);
    expect(await plan(planId)).toMatchObject({ status: 'stale', staleReasons: ['subscription_ended'] });
    expect(outcome(await person.send('PUT', 'category-subscriptions/rudeness'))[0]).toBe(404);
  });
});

it('artists who are merged and parted turn plans stale of whoever follows what speaks against one of them', async () => {
  const names = ['Listed Twin', 'Offending Twin', 'Other Twin'];
  const [listed, offending, other] = (await Promise.all(
    names.map((name, n) => harness.rows.artist(name, `twin${n}`)),
  )) as [string, string, string];
  const [byList, byCategory, neither] = await Promise.all([harness.person(), harness.person(), harness.person()]);
  await rows.follow(byList.id, await rows.list({ versions: [{ artistIds: [listed] }] }));
  await rows.offense(offending, 'animal_cruelty');
  await rows.followCategory(byCategory.id, 'animal_cruelty');
  const readyPlan = async ({ id }: Caller) => harness.rows.plan(id, await harness.rows.connection(id));
  const reasons = async (planId: string) =>
    (await sql(`select stale_reasons from plans where id = ?`, [planId]))[0]?.stale_reasons;
  const plans = await Promise.all([byList, byCategory, neither].map(readyPlan));
  const artists = new MergeStage(harness.api.deps.orm, []);

  const merged = await artists.merge(listed, other);
  expect(await Promise.all(plans.map(reasons))).toEqual([['artists_merged'], [], []]);
  const shown = (await allPages(byList, 'blocks/effective', 5)).map(({ artistId }) => artistId);
  expect([[listed], [other]]).toContainEqual(shown);
  const between = await readyPlan(byList);
  await artists.undo(merged);
  expect(await reasons(between)).toEqual(['artists_parted']);
  expect((await allPages(byList, 'blocks/effective', 5)).map(({ artistId }) => artistId)).toEqual([listed]);
  await artists.merge(offending, other);
  expect(await Promise.all(plans.map(reasons))).toEqual([['artists_merged'], ['artists_merged'], []]);
});

describe('the impact of a source', () => {
  it('is what it would newly take out of each library, less what the person keeps, and nothing is stored', async () => {
    const listId = await rows.list({ versions: [{ artistIds: [fen] }, { artistIds: [fen, marla, dock] }] });
    await person.send('PUT', `blocks/${marla}`, {});
    const [kept] = await sql<{ id: string }>(`select id from tracks where uri = 'spotify:track:su3'`);
    await person.send('PUT', `exceptions/tracks/${kept?.id}`);
    const impact = await person.get(`lists/${listId}/impact`);
    expect(impact.body).toMatchObject({
      listId,
      version: 2,
      artists: 2,
      connections: [
        {
          connectionId,
          provider: 'spotify',
          counts: { total: 2, byType: { liked_track: 1, playlist_track: 1 }, playlistPlaces: 2, forReview: 0 },
          items: [
            {
              itemType: 'liked_track',
              uri: 'spotify:track:su1',
              matches: [{ sources: [{ kind: 'list', version: 2 }] }],
            },
            { itemType: 'playlist_track', uri: 'spotify:track:su1', playlist: { id: 'mine', name: 'Mine' } },
          ],
        },
      ],
    });
    expect((await person.get(`lists/${listId}/impact?version=1`)).body).toMatchObject({ version: 1, artists: 1 });
    expect(outcome(await person.get(`lists/${listId}/impact?version=3`))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(`lists/${unknownId}/impact`))).toEqual([404, 'not_found']);
    await follow(listId);
    expect((await person.get(`lists/${listId}/impact`)).body).toMatchObject({
      artists: 0,
      connections: [{ counts: { total: 0 } }],
    });
    const stranger = await harness.person();
    expect((await stranger.get(`lists/${listId}/impact`)).body).toMatchObject({
      artists: 3,
      connections: [],
      emptyReason: 'no_library',
    });
    expect(await sql(`select id from plans where user_id = ?`, [person.id])).toEqual([]);
  });

  it('of a category counts apart what is only to be looked at', async () => {
    await rows.offense(fen, 'extremism');
    await rows.offense(dock, 'extremism', { status: 'contested' });
    expect((await person.get('category-subscriptions/extremism/impact')).body).toMatchObject({
      category: 'extremism',
      artists: 1,
      connections: [{ counts: { total: 2, playlistPlaces: 2, forReview: 1 } }],
    });
  });
});
