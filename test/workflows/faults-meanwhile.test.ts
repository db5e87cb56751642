import { openStage, type Stage } from '../support/stage';
import { faultScenes } from '../support/fault-scenes';
import { shapeOf } from '../support/sandbox-admin';
import type { SmallLibrary } from '../support/small-library';

/** A person goes on using Spotify while a run or a rollback of theirs is planned or under way. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage?.system.close());

const at = 'Spotify, development';
const { scene, complete } = faultScenes('faults-meanwhile.test.ts', () => stage.system);
const completed = { status: 'completed', receipt: { unexplained: 0 } };
const edit = (playlistId: string | undefined, change: Record<string, unknown>) =>
  stage.system.admin.edit(stage.user, playlistId ?? '', change);
const oneList = (small: SmallLibrary): SmallLibrary => ({
  ...small,
  library: { ...small.library, playlists: small.library.playlists.slice(0, 1) },
  without: { ...small.without, playlists: small.without.playlists.slice(0, 1) },
});

/** Runs a plan; its first removal from a playlist arrives only after the person has done something. */
async function enforceAround(planId: string, deed: () => Promise<unknown>): Promise<{ runId: string }> {
  await stage.system.admin.fault({
    service: 'spotify',
    method: 'DELETE',
    route: '/playlists/{id}/items',
    delayMs: 1_500,
  });
  const run = await stage.person.execute(planId);
  while ((await stage.system.admin.faults()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await deed();
  await stage.system.jobEnd(run.jobId);
  return run;
}

const lossesIn = async (runId: string) =>
  (
    await stage.system.orm.em
      .fork()
      .execute<{ losses: string[] }[]>(
        `select losses from actions where run_id = ? and playlist_id is not null order by seq`,
        [runId],
      )
  ).map(({ losses }) => losses);

const uris = (library: { playlists: { items: { uri: string | null }[] }[] }, n: number) =>
  (library.playlists[n]?.items ?? []).map((item) => item.uri);

scene('an edit before the rollback', at, 'and one before the run: both stand, order and copies come back', async () => {
  const { small, plan } = await stage.scene();
  const [first, second] = small.library.playlists;
  const [one, keep, , two, local, kept] = uris(small.library, 0) as string[];
  const [stays, three] = uris(small.library, 1) as string[];

  await edit(first?.id, { op: 'insert', uris: [stays], position: 2 });
  await edit(second?.id, { op: 'move', from: 4, to: 0 });
  const run = await stage.enforce(plan);
  expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed' });
  const between = await stage.library();
  expect(uris(between, 0)).toEqual([keep, stays, local, kept]);
  expect(uris(between, 1)).toEqual([keep, stays, null, keep]);

  await edit(first?.id, { op: 'insert', uris: [three], position: 4 });
  await edit(first?.id, { op: 'remove', position: 0 });
  await edit(second?.id, { op: 'insert', uris: [two] });
  const theirs = small.library.playlists.slice(2);
  const now = await stage.library();
  await stage.system.admin.setLibrary(stage.user, { ...now, playlists: [...now.playlists, ...theirs] });
  const undo = await stage.undo(run.runId);
  expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed' });
  const followed = (await stage.actions(undo.runId)).filter(({ item_type: type }) => type === 'followed_playlist');
  expect(followed).toMatchObject([{ status: 'skipped', outcome_code: 'already_present' }]);
  const after = await stage.library();
  expect(uris(after, 0)).toEqual([one, stays, one, two, local, kept, one, three]);
  expect(uris(after, 1)).toEqual([keep, stays, three, null, three, keep, two]);
  return { user: stage.user, runIds: [run.runId, undo.runId] };
});

scene(
  'an edit before the run',
  at,
  'something of each kind was taken out: it is passed over, and only the rest comes back',
  async () => {
    const artists = [...new Set(stage.catalog.flatMap((track) => track.artists.map(({ id }) => id)))];
    // More follows than one page shows, the blocked artist on the second: nobody says in which order Spotify lists them.
    const { small, plan } = await stage.scene((made) => {
      const others = artists.filter((id) => !made.library.follows.includes(id)).slice(0, 60);
      const follows = [...others, ...made.without.follows];
      return {
        ...made,
        library: { ...made.library, follows: [...follows, made.blockedArtistId] },
        without: { ...made.without, follows },
      };
    });
    const [one, keep] = uris(small.library, 0) as string[];
    const idOf = (uri = '') => uri.split(':').at(-1) ?? '';
    const followed = artists.find((id) => !small.library.follows.includes(id)) ?? '';
    const own = (library: SmallLibrary['library']) => ({
      ...library,
      likes: library.likes.filter(({ trackId }) => trackId !== idOf(one)),
      albums: small.without.albums,
      follows: [...small.without.follows, followed],
      playlists: library.playlists
        .filter(({ ownerId }) => ownerId === stage.user)
        .map((list) => ({ ...list, items: list.items.filter(({ uri }) => uri !== one) })),
    });
    await stage.system.admin.setLibrary(stage.user, own(small.library));

    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject(completed);
    const actions = await stage.actions(run.runId);
    const passedOver = actions.filter(({ status }) => status === 'skipped');
    expect(new Set(passedOver.map(({ outcome_code: code }) => code))).toEqual(new Set(['already_absent']));
    expect(passedOver.map(({ item_type: type, uri }) => [type, type === 'saved_album' || uri])).toEqual([
      ['liked_track', one],
      ['saved_album', true],
      ['followed_artist', `spotify:artist:${small.blockedArtistId}`],
      ['followed_playlist', `spotify:playlist:${small.library.playlists[2]?.id}`],
      ['playlist_track', one],
    ]);
    expect(actions.filter(({ status }) => status !== 'skipped').length).toBeGreaterThan(2);
    expect(new Set(actions.map(({ status }) => status))).toEqual(new Set(['skipped', 'applied']));
    expect(shapeOf(await stage.library())).toEqual(shapeOf(own(small.without)));
    expect(uris(await stage.library(), 0)).toContain(keep);

    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject(completed);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(own(small.library)));
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
);

scene('a playlist deleted', at, 'before the run: its items are passed over, the rest is done', async () => {
  const { small, plan } = await stage.scene();
  const [first, second, theirs] = small.library.playlists;
  if (!first || !second || !theirs) throw new Error('There are three playlists.');
  // Whatever makes it theirs: to unfollow one's own playlist is to delete it.
  const nowOwn = { ...theirs, ownerId: stage.user };
  await stage.system.admin.setLibrary(stage.user, { ...small.library, playlists: [first, nowOwn] });
  const run = await stage.enforce(plan);
  expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed' });
  const inSecond = (await stage.actions(run.runId)).filter((action) => action.playlist_id === second.id);
  expect(new Set(inSecond.map((action) => `${action.status} ${action.outcome_code}`))).toEqual(
    new Set(['skipped playlist_gone']),
  );
  const followed = (await stage.actions(run.runId)).filter(({ item_type: type }) => type === 'followed_playlist');
  expect(followed).toMatchObject([{ status: 'skipped', outcome_code: 'own_playlist' }]);
  expect(shapeOf(await stage.library())).toEqual(
    shapeOf({ ...small.without, playlists: [...small.without.playlists.slice(0, 1), nowOwn] }),
  );
  return { user: stage.user, runIds: [run.runId] };
});

scene('a playlist deleted', at, 'before the rollback: the rest comes back, and the run says what cannot', async () => {
  const { small, plan } = await stage.scene();
  const run = await stage.enforce(plan);
  const [first] = small.without.playlists;
  if (!first) throw new Error('There are two playlists.');
  await stage.system.admin.setLibrary(stage.user, { ...small.without, playlists: [first] });
  const undo = await stage.undo(run.runId);
  expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'needs_attention' });
  const lost = (await stage.actions(undo.runId)).filter((action) => action.status === 'failed');
  expect(new Set(lost.map((action) => action.outcome_code))).toEqual(new Set(['playlist_gone']));
  expect(new Set(lost.map((action) => action.playlist_id))).toEqual(new Set([small.library.playlists[1]?.id]));
  expect((await stage.actions(run.runId)).filter((action) => action.status === 'undo_failed')).toHaveLength(
    lost.length,
  );
  expect(shapeOf(await stage.library())).toEqual(
    shapeOf({
      ...small.library,
      playlists: [...small.library.playlists.slice(0, 1), ...small.library.playlists.slice(2)],
    }),
  );
  return { user: stage.user, runIds: [run.runId, undo.runId] };
});

scene(
  'an edit between look and removal',
  at,
  'a copy that nobody saw leaves with the others, and that is said',
  async () => {
    const { small, plan } = await stage.scene(oneList);
    const before = uris(small.library, 0);
    const [one] = before;
    const run = await enforceAround(plan.id, () =>
      edit(small.library.playlists[0]?.id, {
        op: 'insert',
        uris: ['spotify:local:Her::Own+Song:99', one],
        position: 1,
      }),
    );
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed' });
    const left = uris(small.without, 0);
    expect(uris(await stage.library(), 0)).toEqual(['spotify:local:Her::Own+Song:99', ...left]);
    const losses = await lossesIn(run.runId);
    expect(losses.length).toBeGreaterThan(0);
    for (const each of losses) expect(each).toContain('unrecorded');

    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed' });
    const back = uris(await stage.library(), 0);
    expect(back.filter((uri) => uri !== 'spotify:local:Her::Own+Song:99')).toEqual(before);
    expect((await lossesIn(undo.runId))[0]).toContain('unrecorded');
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
);

scene(
  'a playlist renamed',
  at,
  'before the run, during its removal, and before the rollback: nothing is called drift',
  async () => {
    const { small, plan } = await stage.scene(oneList);
    const rename = (name: string) => edit(small.library.playlists[0]?.id, { op: 'rename', name });
    await rename('One name');
    const run = await enforceAround(plan.id, () => rename('Another name'));
    expect(await stage.person.run(run.runId)).toMatchObject(completed);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
    for (const each of await lossesIn(run.runId)) expect(each).not.toContain('unrecorded');
    await rename('A third name');
    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject(completed);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
);

complete();
