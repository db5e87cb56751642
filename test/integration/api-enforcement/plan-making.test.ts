import { createPlanActivities } from '../../../activities/plans';
import { deleteBlock } from '../../../adapters/postgres/blocks-store';
import { markPlansStale } from '../../../adapters/postgres/plans';
import { forgetfulAppBook } from '../../../adapters/providers/spotify/app-book';
import { allPages, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
let makePlan: ReturnType<typeof createPlanActivities>['makePlan'];

beforeAll(async () => {
  harness = await startHarness();
  ({ makePlan } = createPlanActivities({
    orm: harness.api.deps.orm,
    spotifyApps: forgetfulAppBook,
    callRates: { spotify: 20, apple_music: 20 },
    unattendedListHours: 48,
  }));
});
afterAll(() => harness.api.close());

/** A library whose titles name a singer who is credited on one song only. */
beforeEach(async () => {
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
  await harness.rows.em.execute(`update connections set account_user_id = 'me' where id = ?`, [connectionId]);
  const by = (id: string, name: string, artist: string) => ({
    id,
    name,
    artistId: artist.replaceAll(' ', ''),
    artist,
  });
  await harness.rows.library(connectionId, {
    tracks: [
      by('pm1', 'Northern Lights', 'Marla Quent'),
      by('pm2', 'Harbour (feat. Marla Quent)', 'Dock Workers'),
      by('pm3', 'Quentin’s Waltz', 'Dock Workers'),
      by('pm4', 'Salt', 'Dock Workers'),
    ],
    likes: ['pm1', 'pm2', 'pm3', 'pm4'],
    playlists: [{ id: 'list', name: 'Mine', ownerId: 'me', tracks: ['pm2', null, 'pm1', 'pm2'] }],
  });
});

/** How many wait for an advisory lock in this database. */
async function waiting(): Promise<number> {
  const [row] = await harness.rows.em.execute<{ n: number }[]>(
    `select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
  );
  return row?.n ?? 0;
}

async function blockMarla(): Promise<string> {
  const [row] = await harness.rows.em.execute<{ id: string }[]>(`select id from artists where name = 'Marla Quent'`);
  await person.send('PUT', `blocks/${row?.id ?? ''}`, {});
  return row?.id ?? '';
}

/** Plans as the workflow does after a sync. */
async function planned(preset: string): Promise<string> {
  const made = await person.send('POST', 'enforcement/plans', { connectionId, preset });
  expect(made.status).toBe(202);
  const planId = String(made.body.planId);
  await makePlan({ planId });
  expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({ status: 'ready' });
  return planId;
}
/** And lists what came of it. */
const plan = async (preset: string) => allPages(person, `enforcement/plans/${await planned(preset)}/items`, 50);
const seen = (items: Record<string, unknown>[]) =>
  items.map(({ itemType, uri, included, needsReview }) => [itemType, uri, included, needsReview]);
const trackId = async (id: string) =>
  (await harness.rows.em.execute<{ id: string }[]>(`select id from tracks where uri = ?`, [`spotify:track:${id}`]))[0]
    ?.id;

it('goes by what holds once a withdrawal that was begun before it is over', async () => {
  const artistId = await blockMarla();
  const em = harness.api.deps.orm.em.fork();
  let commit = () => {};
  const mayCommit = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let withdrawing: Promise<void> = Promise.resolve();
  await new Promise<void>((marked) => {
    withdrawing = em.transactional(async (tx) => {
      await markPlansStale(tx, person.id, artistId, 'block_withdrawn');
      await deleteBlock(tx, person.id, artistId);
      marked();
      await mayCommit;
    });
  });
  const { body } = await person.send('POST', 'enforcement/plans', { connectionId, preset: 'standard' });
  const planId = String(body.planId);
  const made = makePlan({ planId });
  while ((await waiting()) === 0);
  commit();
  await withdrawing;
  expect(await made).toEqual({ items: 0 });
  expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({ status: 'ready' });
});

it('goes by credited artists, and leaves titles alone', async () => {
  await blockMarla();
  expect(seen(await plan('standard'))).toEqual([
    ['liked_track', 'spotify:track:pm1', true, false],
    ['playlist_track', 'spotify:track:pm1', true, false],
  ]);
});

it('shows where a title names the artist, with the words, and takes nothing out on that alone', async () => {
  const artistId = await blockMarla();
  const items = await plan('thorough');
  expect(seen(items)).toEqual([
    ['liked_track', 'spotify:track:pm1', true, false],
    ['liked_track', 'spotify:track:pm2', false, true],
    ['playlist_track', 'spotify:track:pm2', false, true],
    ['playlist_track', 'spotify:track:pm1', true, false],
  ]);
  expect(items[1]).toMatchObject({
    matches: [
      {
        artistId,
        role: 'mention',
        evidence: {
          kind: 'title',
          detail: 'Harbour (feat. Marla Quent)',
          found: { text: 'Marla Quent', sign: 'feat.' },
        },
      },
    ],
  });
  expect(items[2]).toMatchObject({ positions: [0, 3] });
});

it('takes out a song that was blocked as such, and keeps one that is excepted', async () => {
  await blockMarla();
  expect((await person.send('PUT', `track-blocks/${await trackId('pm4')}`, {})).status).toBe(204);
  expect((await person.send('PUT', `exceptions/tracks/${await trackId('pm1')}`)).status).toBe(204);
  expect(seen(await plan('standard'))).toEqual([['liked_track', 'spotify:track:pm4', true, false]]);
});

it('shows each playlist before and after, as far as items are included', async () => {
  await blockMarla();
  const planId = await planned('thorough');
  const path = `enforcement/plans/${planId}/playlists`;
  const returning = { items: 0, positions: 0 };
  const list = { id: 'list', name: 'Mine', items: 2, needsReview: 1, length: 4, returning };
  expect((await person.get(path)).body).toEqual({
    items: [{ ...list, leaving: { items: 1, positions: 1 }, remaining: 3 }],
    nextCursor: null,
  });
  const places = async () =>
    (await allPages(person, `${path}/list`, 3)).map(({ position, after, name }) => [position, after, name]);
  const titles = ['Harbour (feat. Marla Quent)', null, 'Northern Lights', 'Harbour (feat. Marla Quent)'] as const;
  expect(await places()).toEqual([
    [0, 0, titles[0]],
    [1, 1, titles[1]],
    [2, null, titles[2]],
    [3, 2, titles[3]],
  ]);

  await person.send('PATCH', `enforcement/plans/${planId}/items`, { filter: { role: 'mention' }, included: true });
  expect((await person.get(path)).body.items).toEqual([{ ...list, leaving: { items: 2, positions: 3 }, remaining: 1 }]);
  expect((await places()).map(([, after]) => after)).toEqual([null, 0, null, null]);
  const [first, unseen] = (await person.get(`${path}/list`)).body.items as Record<string, unknown>[];
  const items = await allPages(person, `enforcement/plans/${planId}/items`, 50);
  const itemId = items.find(({ uri, playlist }) => playlist && uri === 'spotify:track:pm2')?.id;
  expect(first).toMatchObject({ uri: 'spotify:track:pm2', artists: ['Dock Workers'], itemId });
  expect(unseen).toMatchObject({ uri: null, artists: [], itemId: null });

  for (const other of ['none', '%00', 'x'.repeat(101)]) expect((await person.get(`${path}/${other}`)).status).toBe(404);
});

it('of a playlist whose library is no longer kept, tells what leaves and not what remains', async () => {
  const planId = await harness.rows.plan(person.id, connectionId);
  const artistId = await harness.rows.artist('One');
  await harness.rows.items(planId, [{ uri: 'spotify:track:a', artistId, playlistId: 'mix' }]);
  expect((await person.get(`enforcement/plans/${planId}/playlists`)).body.items).toMatchObject([
    { id: 'mix', name: 'My Mix', leaving: { items: 1, positions: 1 }, length: null, remaining: null },
  ]);
  expect((await person.get(`enforcement/plans/${planId}/playlists/mix`)).status).toBe(404);
  const empty = await harness.rows.plan(person.id, connectionId);
  expect((await person.get(`enforcement/plans/${empty}/playlists`)).body.emptyReason).toBe('no_playlists_touched');
});
