import { storePlanItems } from '../../../adapters/postgres/plans';
import type { PlannedItem } from '../../../domain/planned-item';
import { allPages, itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let planId: string;
let itemIds: string[];

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.api.close());

/** A plan that rates one song and finds three tracks in two playlists, the last one by its name alone. */
beforeEach(async () => {
  person = await harness.person();
  const connectionId = await harness.rows.connection(person.id);
  planId = await harness.rows.plan(person.id, connectionId);
  const artistId = await harness.rows.artist('Marla Quent');
  const inPlaylist = (uri: string, playlistId: string, needsReview = false) => ({
    uri,
    artistId,
    playlistId,
    needsReview,
    notEnforceable: 'by_hand',
  });
  itemIds = await harness.rows.items(planId, [
    { uri: 'apple-music:song:1', artistId },
    inPlaylist('apple-music:song:1', 'p.one'),
    inPlaylist('apple-music:song:2', 'p.one'),
    inPlaylist('apple-music:song:i.upload', 'p.two', true),
  ]);
  await harness.rows.em.execute(
    `update plan_items set item_type = case when playlist_id is null then 'rated_song' else 'manual' end,
       playlist_name = case playlist_id when 'p.two' then '=SUM(1)' else playlist_name end where plan_id = ?`,
    [planId],
  );
});
const path = (rest = '') => `enforcement/plans/${planId}/checklist${rest}`;

describe('the checklist of a plan', () => {
  it('holds what only the person can do, playlist by playlist, in pages', async () => {
    const first = await person.get(path('?limit=1'));
    expect(first.body).toMatchObject({ counts: { total: 3, done: 0 } });
    expect(itemsOf(first)).toMatchObject([
      {
        id: itemIds[1],
        name: 'A Song',
        playlist: { id: 'p.one', name: 'My Mix', url: 'https://music.apple.com/library/playlist/p.one' },
        positions: [1],
        needsReview: false,
        done: false,
        doneAt: null,
      },
    ]);
    const all = await allPages(person, path(), 2);
    expect(all.map(({ id }) => id)).toEqual(itemIds.slice(1));
    expect(itemsOf(await person.get(path('?playlistId=p.two')))).toMatchObject([{ id: itemIds[3], needsReview: true }]);
  });

  it('is ticked off and on again, and says how much is done', async () => {
    const tick = (done: unknown) => person.send('PATCH', path(`/${itemIds[2]}`), { done });
    const { status, body } = await tick(true);
    expect([status, body.done]).toEqual([200, true]);
    const again = await tick(true);
    expect(again.body.doneAt).toBe(body.doneAt);
    expect((await person.get(path())).body.counts).toEqual({ total: 3, done: 1 });
    expect(itemsOf(await person.get(path('?done=true'))).map(({ id }) => id)).toEqual([itemIds[2]]);
    expect(itemsOf(await person.get(path('?done=false'))).map(({ id }) => id)).toEqual([itemIds[1], itemIds[3]]);
    expect((await tick(false)).body).toMatchObject({ done: false, doneAt: null });
    expect(outcome(await tick('yes'))).toEqual([400, 'invalid_request']);
  });

  it('has only items of its own: none that a run does, and none of another plan', async () => {
    for (const id of [itemIds[0], planId])
      expect(outcome(await person.send('PATCH', path(`/${id}`), { done: true }))).toEqual([404, 'not_found']);
    const stranger = await harness.person();
    expect(outcome(await stranger.send('PATCH', path(`/${itemIds[1]}`), { done: true }))).toEqual([404, 'not_found']);
    expect((await person.get(path())).body.counts).toEqual({ total: 3, done: 0 });
  });

  it('keeps its ticks where the plan is made anew and finds the same track in the same playlist', async () => {
    const doneAt = (await person.send('PATCH', path(`/${itemIds[2]}`), { done: true })).body.doneAt;
    const found = (uri: string, playlistProviderId: string): PlannedItem => ({
      itemType: 'manual',
      uri,
      playlistProviderId,
      playlistName: 'My Mix',
      positions: [7],
      name: 'A Song',
      artists: ['Somebody'],
      album: null,
      url: null,
      imageUrl: null,
      matches: [],
      action: 'none',
      losses: [],
      included: false,
      needsReview: false,
      notEnforceable: 'by_hand',
    });
    const anew = [found('apple-music:song:2', 'p.two'), found('apple-music:song:2', 'p.one')];
    await harness.rows.em.fork().transactional((tx) => storePlanItems(tx, planId, anew));
    const { body } = await person.get(path());
    expect(body).toMatchObject({ counts: { total: 2, done: 1 }, items: [{ done: false }, { id: itemIds[2], doneAt }] });
  });

  it('is a file as well, in JSON and in CSV that no spreadsheet runs', async () => {
    await person.send('PATCH', path(`/${itemIds[1]}`), { done: true });
    const json = await person.get(path('/export'));
    expect(json.body).toMatchObject({ planId, items: [{ done: true }, { done: false }, { done: false }] });
    const csv = (await person.get(path('/export?format=csv'))).text.trim().split(/\r?\n/);
    expect(csv).toHaveLength(4);
    expect(csv[1]).toMatch(/^p\.one,My Mix,2,A Song,Somebody,.*apple-music:song:1/);
    expect(csv[3]).toContain("'=SUM(1)");
  });

  it('is empty where a plan has nothing to be done by hand, and says so', async () => {
    await harness.rows.em.execute(`delete from plan_items where plan_id = ?`, [planId]);
    expect((await person.get(path())).body).toMatchObject({ items: [], emptyReason: 'nothing_by_hand' });
  });
});
