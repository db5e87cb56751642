import { listLibraryItems, listPlaylists } from '../../adapters/postgres/library-listing';
import { libraryCsv, readStoredLibrary } from '../../adapters/postgres/library-file';
import { undoableActions } from '../../adapters/postgres/rollbacks';
import { Connection } from '../../adapters/postgres/entities';
import { type Drift, drifts, type Edit, edited, keyOf } from '../support/apple-music-drifts';
import type { SandboxAppleLibrary } from '../support/sandbox-admin';
import { type Person, startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/** What an Apple Music listener goes through: a library that can be read and rated, and of which nothing can be deleted. */
jest.setTimeout(240_000);
let system: System;
let person: Person;
let stopWorkers: () => Promise<void>;

beforeAll(async () => {
  system = await startSystem();
  stopWorkers = await system.startWorkers();
  person = await system.connectAppleMusic('apple-listener');
});
afterAll(() => system?.close());

const generation = async () => {
  const { generationId } = await system.orm.em.fork().findOneOrFail(Connection, { id: person.connectionId });
  return generationId ?? '';
};
const calls = async (service = 'apple_music') =>
  (await system.admin.calls()).filter((call) => call.service === service);

test('a library is read whole, with its catalog links, also where Apple stumbles', async () => {
  const library = await system.admin.appleLibrary('apple-listener');
  await system.admin.forgetCalls();
  await system.admin.fault({
    service: 'apple_music',
    method: 'GET',
    route: '/me/library/songs',
    times: 1,
    status: 500,
  });
  await system.admin.fault({
    service: 'apple_music',
    method: 'GET',
    route: '/me/library/playlists/{id}/tracks',
    times: 1,
    status: 429,
    retryAfter: 1,
  });
  await person.sync();
  const em = system.orm.em.fork();
  const generationId = await generation();
  const { connectionId } = person;
  const songs = await listLibraryItems(em, generationId, {
    kind: 'likes',
    playlistId: null,
    query: null,
    offset: 0,
    limit: 10_000,
  });
  expect(songs?.map(({ name }) => name).sort()).toEqual(library.songs.map(({ name }) => name).sort());
  const linked = songs?.filter(({ artists }) => artists.length > 0) ?? [];
  expect(linked.map(({ uri }) => uri)).toEqual(
    expect.arrayContaining(
      library.songs.flatMap(({ catalogId }) =>
        catalogId === null || catalogId.startsWith('990') ? [] : `apple-music:song:${catalogId}`,
      ),
    ),
  );
  const playlists = await listPlaylists(em, { generationId, connectionId, query: null });
  expect(playlists.map(({ name, length, own, readable }) => ({ name, length, own, readable }))).toEqual(
    library.playlists.map(({ name, items, canEdit }) => ({
      name,
      length: items.length,
      own: canEdit,
      readable: true,
    })),
  );
  const stored = await readStoredLibrary(em, connectionId);
  let csv = '';
  for await (const line of libraryCsv(em, stored!)) csv += line;
  expect(csv).toContain('apple-music:playlist:p.');
  expect(csv).toContain('Basement Tapes');

  // A second look asks the catalog about nothing.
  await system.admin.forgetCalls();
  await person.sync();
  const again = await calls();
  expect(again.some(({ route }) => route === '/me/library/songs')).toBe(true);
  expect(again.filter(({ route }) => route.startsWith('/catalog'))).toEqual([]);
  expect(await calls('spotify')).toEqual([]);
});

const ratingsOf = ({ ratings }: SandboxAppleLibrary) =>
  Object.fromEntries(ratings.map(({ type, id, value }) => [`${type}/${id}`, value]));
const but = ({ ratings: _, ...rest }: SandboxAppleLibrary) => rest;
const rows = <T>(sql: string, bindings: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, bindings as string[]);

test('songs and albums are rated "Suggest Less" and come back exactly as they were, the person’s own later word left alone', async () => {
  const artists = await rows<{ provider_id: string }>(
    `select i.provider_id from artist_provider_ids i join track_artists ta using (artist_id) where i.provider = 'apple_music'
      group by 1 order by count(*) desc, 1 limit 12`,
  );
  for (const { provider_id: id } of artists) await person.block(id);
  const before = await system.admin.appleLibrary('apple-listener');
  const plan = await person.plan('thorough');
  const items = await rows<{ item_type: string; uri: string; included: boolean; action_type: string }>(
    `select item_type, uri, included, action_type from plan_items where plan_id = ? order by seq`,
    [plan.id],
  );
  expect([...new Set(items.map((item) => item.item_type))]).toEqual([
    'rated_song',
    'rated_album',
    'manual',
    'playlist_copy',
  ]);
  const chosen = items.filter(({ included }) => included).map(({ uri }) => keyOf(uri));
  const own = ratingsOf(before);
  expect(chosen.length).toBeGreaterThan(30);

  const about = { service: 'apple_music', route: '/me/ratings/songs/{id}' };
  await system.admin.fault({ ...about, method: 'PUT', times: 1, skip: 2, dropAnswer: true });
  await system.admin.fault({ ...about, method: 'PUT', times: 1, skip: 4, landLateMs: 1200 });
  await system.admin.fault({ ...about, method: 'PUT', times: 1, skip: 9, status: 429, retryAfter: 1 });
  const { runId, jobId } = await person.execute(plan.id);
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  const disliked = chosen.filter((key) => own[key] !== -1);
  const after = await system.admin.appleLibrary('apple-listener');
  expect(ratingsOf(after)).toEqual({ ...own, ...Object.fromEntries(chosen.map((key) => [key, -1])) });
  expect(but(after)).toEqual(but(before));
  expect(await person.run(runId)).toMatchObject({
    status: 'completed',
    receipt: { unexplained: 0, removed: 0, restored: 0, rated: disliked.length },
  });

  // The person comes to love one of them.
  const [loved = '', ...others] = disliked.filter((key) => own[key] === undefined && key.startsWith('songs/'));
  await system.admin.setAppleLibrary('apple-listener', {
    ...after,
    ratings: after.ratings.map((rating) =>
      `${rating.type}/${rating.id}` === loved ? { ...rating, value: 1 } : rating,
    ),
  });
  expect(others.length).toBeGreaterThan(5);
  await system.admin.fault({ ...about, method: 'DELETE', times: 1, skip: 1, dropAnswer: true });
  const undo = await person.rollback(runId);
  expect(await system.jobEnd(undo.jobId)).toMatchObject({ status: 'completed' });
  const undone = await system.admin.appleLibrary('apple-listener');
  expect(ratingsOf(undone)).toEqual({ ...own, [loved]: 1 });
  expect(but(undone)).toEqual(but(before));
  expect(
    await rows(`select outcome_code, count(*)::int as count from actions where run_id = ? group by 1 order by 1`, [
      undo.runId,
    ]),
  ).toEqual([
    { outcome_code: 'changed_since', count: 1 },
    { outcome_code: 'restored', count: disliked.length - 1 },
  ]);
  await system.admin.setAppleLibrary('apple-listener', before);
});

test('a copy of a playlist is made once, though the answer got lost, and no rollback deletes it', async () => {
  const before = await system.admin.appleLibrary('apple-listener');
  const plan = await person.plan();
  const copies = await rows<{ id: string; playlist_id: string }>(
    `select id, playlist_id from plan_items where plan_id = ? and item_type = 'playlist_copy' order by playlist_name = 'Everything for the journey' desc`,
    [plan.id],
  );
  const [asked] = copies;
  await rows(`update plan_items set included = id = ? where plan_id = ?`, [asked?.id, plan.id]);
  const leftOut = new Set(
    (
      await rows<{ uri: string }>(
        `select uri from plan_items where plan_id = ? and playlist_id = ? and item_type = 'manual' and not needs_review`,
        [plan.id, asked?.playlist_id],
      )
    ).map(({ uri }) => uri),
  );
  await system.admin.fault({
    service: 'apple_music',
    method: 'POST',
    route: '/me/library/playlists',
    dropAnswer: true,
  });
  const { runId, jobId } = await person.execute(plan.id);
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  const source = before.playlists.find(({ id }) => id === asked?.playlist_id);
  const made = (await system.admin.appleLibrary('apple-listener')).playlists.filter(
    ({ id }) => !before.playlists.some((playlist) => playlist.id === id),
  );
  expect(made.map(({ name }) => name)).toEqual([`${source?.name} (without)`]);
  const kept = source?.items.filter(({ catalogId }) => !leftOut.has(`apple-music:song:${catalogId}`)) ?? [];
  expect(kept.length).toBeLessThan(source?.items.length ?? 0);
  expect(made[0]?.items.map(({ name }) => name)).toEqual(kept.map(({ name }) => name));
  const run = await rows<{ outcome_code: string }>(`select outcome_code from actions where run_id = ?`, [runId]);
  expect(run).toEqual([{ outcome_code: 'copied' }]);
  expect(await undoableActions(system.orm.em.fork(), runId, null)).toEqual([]);
  await system.admin.setAppleLibrary('apple-listener', before);
});

test('what its person changed between plan, run and rollback is seen item by item, and theirs is the later word', async () => {
  const library = await system.admin.appleLibrary('apple-listener');
  const uploads = library.songs.filter(({ albumName }) => albumName === 'Bootlegs').map(({ artistName }) => artistName);
  const artists = await rows<{ provider_id: string }>(
    `select i.provider_id from artist_provider_ids i join artists a on a.id = i.artist_id
      where i.provider = 'apple_music' and a.name in (select jsonb_array_elements_text(?::jsonb))`,
    [JSON.stringify(uploads)],
  );
  for (const { provider_id: id } of artists) await person.block(id);
  const plan = await person.plan('thorough');
  const items = await rows<{ id: string; item_type: string; uri: string }>(
    `select id, item_type, uri from plan_items where plan_id = ? and action_type <> 'none' order by seq`,
    [plan.id],
  );
  const kindOf = ({ item_type: type, uri }: (typeof items)[number]): Drift['of'] => {
    if (type === 'playlist_copy') return 'playlist';
    return type === 'rated_album' ? 'album' : uri.startsWith('apple-music:song:i.') ? 'upload' : 'song';
  };
  const withdrawn = library.songs.filter(({ catalogId }) => catalogId?.startsWith('990')).map(({ id }) => id);
  const free = items.filter(({ uri }) => !withdrawn.some((id) => uri.endsWith(id)));
  const scenes = drifts.map((drift) => {
    const at = free.findIndex((item) => kindOf(item) === drift.of);
    const [item] = free.splice(at, at < 0 ? 0 : 1);
    if (!item) throw new Error(`The plan has too few: ${drift.of}`);
    return { ...drift, id: item.id, uri: item.uri };
  });
  const ids = JSON.stringify(scenes.map(({ id }) => id));
  await rows(
    `update plan_items set included = id::text in (select jsonb_array_elements_text(?::jsonb)) where plan_id = ?`,
    [ids, plan.id],
  );
  const change = async (editOf: (scene: (typeof scenes)[number]) => Edit | undefined) =>
    system.admin.setAppleLibrary(
      'apple-listener',
      edited(
        await system.admin.appleLibrary('apple-listener'),
        scenes.map((scene) => ({ uri: scene.uri, edit: editOf(scene) })),
      ),
    );
  await change(({ of, own }) => (of === 'playlist' ? undefined : { rate: own }));
  await change(({ beforeRun }) => beforeRun);
  const { runId, jobId } = await person.execute(plan.id);
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  expect(await person.run(runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  await change(({ beforeRollback }) => beforeRollback);
  const undo = await person.rollback(runId);
  expect(await system.jobEnd(undo.jobId)).toMatchObject({ status: 'completed' });
  expect(await person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  const codes = await rows<{ uri: string; run: string; rollback: string | null }>(
    `select a.uri, a.outcome_code as run, u.outcome_code as rollback from actions a left join actions u on u.undoes_id = a.id where a.run_id = ?`,
    [runId],
  );
  const left = ratingsOf(await system.admin.appleLibrary('apple-listener'));
  expect(
    scenes.map(({ name, uri }) => {
      const { run, rollback } = codes.find((action) => action.uri === uri) ?? {};
      return { name, run, rollback, left: left[keyOf(uri)] };
    }),
  ).toEqual(scenes.map(({ name, run, rollback, left: rating }) => ({ name, run, rollback, left: rating })));
  await system.admin.setAppleLibrary('apple-listener', library);
});

test('a worker killed after a rating was written, and under LONG another while one is taken back: the next ones know whose it was', async () => {
  await stopWorkers();
  const before = await system.admin.appleLibrary('apple-listener');
  const long = Boolean(process.env.LONG);
  const first = await startVictim(system);
  const second = long ? await startVictim(system) : null;
  first.work({ kind: 'call', when: 'after', n: 5, label: 'PUT /me/ratings/songs/{id}' });
  const plan = await person.plan();
  const { runId, jobId } = await person.execute(plan.id);
  await first.gone;
  second?.work({ kind: 'call', when: 'after', n: 3, label: 'DELETE /me/ratings/songs/{id}' });
  if (!second) stopWorkers = await system.startWorkers();
  expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  expect(await person.run(runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  const undo = await person.rollback(runId);
  await second?.gone;
  if (second) stopWorkers = await system.startWorkers();
  expect(await system.jobEnd(undo.jobId)).toMatchObject({ status: 'completed' });
  expect(ratingsOf(await system.admin.appleLibrary('apple-listener'))).toEqual(ratingsOf(before));
});

(process.env.LONG ? test : test.skip)(
  'a worker that dies after filling a copy, while reads lag, has nothing twice in it',
  async () => {
    await stopWorkers();
    const before = await system.admin.appleLibrary('apple-listener');
    const victim = await startVictim(system);
    const append = { service: 'apple_music', method: 'POST', route: '/me/library/playlists/{id}/tracks' };
    await system.admin.fault({ ...append, times: 1, readLagMs: 20_000 });
    victim.work({ kind: 'call', when: 'after', n: 1, label: 'POST /me/library/playlists/{id}/tracks' });
    const plan = await person.plan();
    await rows(
      `update plan_items set included = item_type = 'playlist_copy' and playlist_name = 'Everything for the journey' where plan_id = ?`,
      [plan.id],
    );
    const { jobId } = await person.execute(plan.id);
    await victim.gone;
    stopWorkers = await system.startWorkers();
    expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
    const made = (await system.admin.appleLibrary('apple-listener')).playlists.filter(
      ({ id }) => !before.playlists.some((playlist) => playlist.id === id),
    );
    expect(made).toHaveLength(1);
    const names = made[0]?.items.map(({ id }) => id) ?? [];
    expect(names.length).toBeGreaterThan(100);
    const source = before.playlists.find(({ name }) => name === 'Everything for the journey');
    const wanted = source?.items.map(({ id }) => id).filter((id) => names.includes(id));
    expect(names).toEqual(wanted);
    await system.admin.setAppleLibrary('apple-listener', before);
  },
);
