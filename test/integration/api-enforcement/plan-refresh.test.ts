import { createPlanActivities } from '../../../activities/plans';
import { beginMaking, finishMaking } from '../../../adapters/postgres/plan-making';
import { forgetfulAppBook } from '../../../adapters/providers/spotify/app-book';
import { allPages, itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let activities: ReturnType<typeof createPlanActivities>;
let person: Caller;
let connectionId: string;
let marla: string;

beforeAll(async () => {
  harness = await startHarness();
  activities = createPlanActivities({
    orm: harness.api.deps.orm,
    spotifyApps: forgetfulAppBook,
    callRates: { spotify: 20, apple_music: 20 },
    unattendedListHours: 48,
  });
});
afterAll(() => harness.api.close());

const tracks = [
  { id: 'pr1', name: 'Northern Lights', artistId: 'refreshed-marla', artist: 'Marla Quent' },
  { id: 'pr2', name: 'Harbour (feat. Marla Quent)', artistId: 'refreshed-dock', artist: 'Dock Workers' },
  { id: 'pr3', name: 'Salt', artistId: 'refreshed-dock', artist: 'Dock Workers' },
  { id: 'pr4', name: 'Southern Lights', artistId: 'refreshed-marla', artist: 'Marla Quent' },
];
/** What a sync would publish. */
const synced = (likes: string[], mine: (string | null)[] = ['pr1', 'pr3', 'pr1'], theirs = ['pr3']) =>
  harness.rows.library(connectionId, {
    tracks,
    likes,
    playlists: [
      { id: 'mine', name: 'Mine', ownerId: 'me', tracks: mine },
      { id: 'theirs', name: 'Theirs', ownerId: 'somebody', tracks: theirs },
    ],
  });

beforeEach(async () => {
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
  await synced(['pr1', 'pr2', 'pr3']);
  const [row] = await harness.rows.em.execute<{ id: string }[]>(
    `select a.id from artists a join artist_provider_ids i on i.artist_id = a.id where i.provider_id = 'refreshed-marla'`,
  );
  marla = row?.id ?? '';
  await person.send('PUT', `blocks/${marla}`, {});
});

const planPath = (planId: string) => `enforcement/plans/${planId}`;
const read = async (planId: string) => (await person.get(planPath(planId))).body;
const items = (planId: string) => allPages(person, `${planPath(planId)}/items`, 50);
const seen = async (planId: string) =>
  (await items(planId)).map(({ itemType, uri, included }) => [itemType, String(uri).split(':').at(-1), included]);
const refresh = (planId: string) => person.send('POST', `${planPath(planId)}/refresh`);
const execute = (planId: string) => person.send('POST', `${planPath(planId)}/execute`, { confirm: true });

async function begun(preset = 'thorough'): Promise<string> {
  const made = await person.send('POST', 'enforcement/plans', { connectionId, preset });
  return String(made.body.planId);
}
/** A plan as its workflow leaves it after a sync. */
async function planned(preset?: string): Promise<string> {
  const planId = await begun(preset);
  await activities.makePlan({ planId });
  return planId;
}

describe('a plan whose library was read anew', () => {
  it('is stale where that found something else, is not carried out, and says how to make it anew', async () => {
    const planId = await planned();
    await synced(['pr4', 'pr1', 'pr2', 'pr3']);
    expect(await read(planId)).toMatchObject({ status: 'stale', staleReasons: ['library_changed'] });
    const answer = await execute(planId);
    expect(outcome(answer)).toEqual([409, 'plan_stale']);
    expect(answer.body).toMatchObject({
      params: { reasons: 'library_changed' },
      action: { code: 'refresh_plan', href: `/api/v1/${planPath(planId)}/refresh` },
    });
  });

  it('stays ready where everything of the person’s is as it was, whatever others did to their playlists', async () => {
    const planId = await planned();
    await synced(['pr1', 'pr2', 'pr3']);
    await synced(['pr1', 'pr2', 'pr3'], undefined, ['pr3', 'pr1']);
    expect(await read(planId)).toMatchObject({ status: 'ready', staleReasons: [] });
    await synced(['pr1', 'pr2', 'pr3'], ['pr1', 'pr3']);
    expect(await read(planId)).toMatchObject({ status: 'stale' });
  });

  it('while it was being made is made from the one library that it began with, and stale at once', async () => {
    const planId = await begun('standard');
    const { em } = harness.rows;
    const plan = await em.fork().transactional((tx) => beginMaking(tx, planId));
    await synced([]);
    const kept = await em.execute(`select id from library_generations where id = ?`, [plan?.generationId]);
    expect(kept).toHaveLength(1);
    await em
      .fork()
      .transactional((tx) =>
        finishMaking(tx, planId, { jobId: plan!.jobId, items: [], providerCalls: 0, estimatedSeconds: 0 }),
      );
    expect(await read(planId)).toMatchObject({ status: 'stale', staleReasons: ['library_changed'] });
  });
});

describe('a refresh', () => {
  it('works by the library of now and keeps every choice, also of what is gone for a while', async () => {
    const planId = await planned();
    const [like, mention, inPlaylist] = await items(planId);
    expect(await seen(planId)).toEqual([
      ['liked_track', 'pr1', true],
      ['liked_track', 'pr2', false],
      ['playlist_track', 'pr1', true],
    ]);
    await person.send('PATCH', `${planPath(planId)}/items`, { itemIds: [like?.id], included: false });
    await person.send('PATCH', `${planPath(planId)}/items`, { filter: { role: 'mention' }, included: true });
    const before = await read(planId);

    await synced(['pr4', 'pr1', 'pr3']);
    const started = await refresh(planId);
    expect(started.status).toBe(202);
    const { jobId } = started.body;
    expect(started.headers.get('location')).toBe(`/api/v1/jobs/${String(jobId)}`);
    expect((await person.get(`jobs/${String(jobId)}`)).body).toMatchObject({ type: 'plan', status: 'queued' });
    const [entry] = await harness.rows.em.execute<Record<string, unknown>[]>(
      `select workflow_type, workflow_id, input from outbox where id = ?`,
      [harness.started.at(-1)],
    );
    expect(entry).toEqual({
      workflow_type: 'preparePlan',
      workflow_id: `plan:${planId}:${String(jobId)}`,
      input: { planId, jobId, connectionId },
    });
    expect(await read(planId)).toMatchObject({ status: 'preparing', jobId, counts: { total: 3, included: 2 } });
    expect(outcome(await execute(planId))).toEqual([409, 'plan_not_ready']);
    const change = { filter: {}, included: false };
    expect(outcome(await person.send('PATCH', `${planPath(planId)}/items`, change))).toEqual([409, 'plan_not_ready']);
    expect((await refresh(planId)).body).toEqual(started.body);

    await activities.makePlan({ planId });
    expect(await read(planId)).toMatchObject({ status: 'ready', staleReasons: [], counts: { total: 3, included: 2 } });
    expect(String((await read(planId)).expiresAt) > String(before.expiresAt)).toBe(true);
    expect((await person.get(`jobs/${String(jobId)}`)).body).toMatchObject({ status: 'completed' });
    expect(await seen(planId)).toEqual([
      ['liked_track', 'pr4', true],
      ['liked_track', 'pr1', false],
      ['playlist_track', 'pr1', true],
    ]);
    const ids = (await items(planId)).map(({ id }) => id);
    expect(ids.slice(1)).toEqual([like?.id, inPlaylist?.id]);

    await synced(['pr2', 'pr4', 'pr1']);
    await refresh(planId);
    await activities.makePlan({ planId });
    expect(await seen(planId)).toEqual([
      ['liked_track', 'pr2', true],
      ['liked_track', 'pr4', true],
      ['liked_track', 'pr1', false],
      ['playlist_track', 'pr1', true],
    ]);
    expect((await items(planId))[0]).toMatchObject({ name: mention?.name, needsReview: true });
    expect((await execute(planId)).status).toBe(202);
    expect(outcome(await refresh(planId))).toEqual([409, 'plan_already_executed']);
  });

  it('works by the blocks of now', async () => {
    const planId = await planned('standard');
    await person.send('DELETE', `blocks/${marla}`);
    expect(await read(planId)).toMatchObject({ status: 'stale', staleReasons: ['block_withdrawn'] });
    await refresh(planId);
    await activities.makePlan({ planId });
    expect(await read(planId)).toMatchObject({ status: 'ready', staleReasons: [], counts: { total: 0, included: 0 } });
  });

  it('that missed a withdrawal, since it came while it was at work, makes a stale plan', async () => {
    const planId = await begun('standard');
    await person.send('PUT', `exceptions/artists/${marla}`);
    const { em } = harness.rows;
    const plan = await em.fork().transactional((tx) => beginMaking(tx, planId));
    expect(await read(planId)).toMatchObject({ status: 'preparing', staleReasons: [] });
    await person.send('DELETE', `blocks/${marla}`);
    await em
      .fork()
      .transactional((tx) =>
        finishMaking(tx, planId, { jobId: plan!.jobId, items: [], providerCalls: 0, estimatedSeconds: 0 }),
      );
    expect(await read(planId)).toMatchObject({ status: 'stale', staleReasons: ['block_withdrawn'] });
  });

  it('that fails leaves the plan as it was, but stale, and can be tried again', async () => {
    const planId = await planned();
    const [like] = await items(planId);
    await person.send('PATCH', `${planPath(planId)}/items`, { itemIds: [like?.id], included: false });
    const { jobId } = (await refresh(planId)).body;
    await activities.failPlan({ planId, failureCode: 'provider_unavailable' });
    expect(await read(planId)).toMatchObject({
      status: 'stale',
      staleReasons: ['refresh_failed'],
      failureCode: 'provider_unavailable',
      counts: { total: 3, included: 1 },
    });
    const again = await person.send('POST', `jobs/${String(jobId)}/retry`);
    expect(again.body).toMatchObject({ planId });
    expect((await person.get(`jobs/${String(again.body.jobId)}`)).body).toMatchObject({ retryOf: jobId });
    await activities.makePlan({ planId });
    expect(await read(planId)).toMatchObject({ status: 'ready', failureCode: null, counts: { total: 3, included: 1 } });
  });

  it('of a plan whose first making failed, or whose time ran out, makes it', async () => {
    const failed = await begun();
    await activities.failPlan({ planId: failed, failureCode: 'provider_unavailable' });
    expect(await read(failed)).toMatchObject({ status: 'failed' });
    const expired = await harness.rows.plan(person.id, connectionId, { expired: true });
    expect((await execute(expired)).body).toMatchObject({ code: 'plan_expired', action: { code: 'refresh_plan' } });
    for (const planId of [failed, expired]) {
      expect((await refresh(planId)).status).toBe(202);
      await activities.makePlan({ planId });
      expect(await read(planId)).toMatchObject({ status: 'ready', failureCode: null });
    }
  });

  it('of a connection that must be renewed is refused, and nothing is begun', async () => {
    const planId = await planned();
    await harness.rows.em.execute(`update connections set health = 'needs_reconnect' where id = ?`, [connectionId]);
    expect(outcome(await refresh(planId))).toEqual([409, 'connection_unusable']);
    expect(await read(planId)).toMatchObject({ status: 'ready' });
  });

  it('makes cursors of the plan’s earlier pages void', async () => {
    const planId = await planned();
    const pages = ['items', 'playlists/mine'].map((path) => `${planPath(planId)}/${path}?limit=1`);
    const cursors = await Promise.all(pages.map(async (page) => String((await person.get(page)).body.nextCursor)));
    const next = (n: number) => person.get(`${pages[n]}&cursor=${cursors[n]}`);
    expect(itemsOf(await next(0))).toHaveLength(1);
    await refresh(planId);
    await activities.makePlan({ planId });
    for (const n of [0, 1]) expect(outcome(await next(n))).toEqual([409, 'version_conflict']);
  });
});
