import { openStage, type Stage } from '../support/stage';
import { shapeOf } from '../support/sandbox-admin';
import type { SmallLibrary } from '../support/small-library';

const long = Boolean(process.env.LONG);
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage?.system.close());

const completed = { status: 'completed', receipt: { unexplained: 0 } };
const fault = (fields: Record<string, unknown>) => stage.system.admin.fault({ service: 'spotify', ...fields });

/** The run takes exactly the blocked artist out, and its rollback brings everything back. */
async function runsThere(runId: string, small: SmallLibrary): Promise<void> {
  expect(await stage.person.run(runId)).toMatchObject(completed);
  expect(new Set((await stage.actions(runId)).map((action) => action.outcome_code))).toEqual(new Set(['removed']));
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
}

async function andBack(runId: string, small: SmallLibrary): Promise<void> {
  expect(await stage.person.run(runId)).toMatchObject(completed);
  expect(new Set((await stage.actions(runId)).map((action) => action.outcome_code))).toEqual(new Set(['restored']));
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
}

describe('a rate limit in the middle', () => {
  const waiting = (jobId: string) =>
    stage.until<{ waiting_reason: string; ahead: boolean; run_status: string }>(
      `select j.waiting_reason, j.waiting_until > now() as ahead, r.status as run_status from jobs j join runs r on r.job_id = j.id
       where j.id = ? and j.status = 'waiting'`,
      [jobId],
    );

  test('shows the job waiting until a time, and the run goes on by itself', async () => {
    const { small, plan } = await stage.scene();
    await fault({ method: 'DELETE', route: '/me/library', skip: 1, status: 429, retryAfter: 3 });
    const run = await stage.person.execute(plan.id);
    expect(await waiting(run.jobId)).toEqual({ waiting_reason: 'rate_limited', ahead: true, run_status: 'waiting' });
    await stage.system.jobEnd(run.jobId);
    await runsThere(run.runId, small);

    await fault({ method: 'POST', route: '/playlists/{id}/items', skip: 1, status: 429, retryAfter: 2 });
    await fault({ method: 'GET', route: '/me/library/contains', skip: 2, status: 429, retryAfter: 2 });
    const undo = await stage.undo(run.runId);
    await andBack(undo.runId, small);
  }, 120_000);

  (long ? test : test.skip)(
    'of ninety seconds is sat out (LONG)',
    async () => {
      const { small, plan } = await stage.scene();
      await fault({ method: 'DELETE', route: '/me/library', skip: 1, status: 429, retryAfter: 90 });
      const run = await stage.person.execute(plan.id);
      expect(await waiting(run.jobId)).toMatchObject({ waiting_reason: 'rate_limited', ahead: true });
      await stage.system.jobEnd(run.jobId);
      await runsThere(run.runId, small);
    },
    300_000,
  );
});

describe('an answer that is lost', () => {
  const writes = [
    { method: 'DELETE', route: '/me/library', times: 3 },
    { method: 'DELETE', route: '/playlists/{id}/items', times: 2 },
    { method: 'PUT', route: '/me/library', times: 3 },
    { method: 'POST', route: '/playlists/{id}/items', times: 3 },
  ];

  const ways: [string, Record<string, unknown>][] = [
    ['after each write was done', { dropAnswer: true }],
    ['with writes that land three seconds late', { landLateMs: 3_000 }],
    ['with writes that never arrived', { status: 503 }],
  ];
  test.each(long ? ways : ways.slice(0, 2))(
    '%s',
    async (_, how) => {
      const { small, plan } = await stage.scene();
      for (const write of writes) await fault({ ...write, ...how });
      const run = await stage.enforce(plan);
      await runsThere(run.runId, small);
      const undo = await stage.undo(run.runId);
      await andBack(undo.runId, small);
    },
    240_000,
  );

  test('with an insertion that lands beside its own repetition: the surplus goes, order and multiplicity stay', async () => {
    const { small, plan } = await stage.scene();
    const run = await stage.enforce(plan);
    await fault({ method: 'POST', route: '/playlists/{id}/items', times: 2, landLateMs: 11_500 });
    await fault({ method: 'POST', route: '/playlists/{id}/items', times: 2, delayMs: 4_000 });
    const undo = await stage.undo(run.runId);
    await andBack(undo.runId, small);
    expect(await stage.countCalls('DELETE', '/playlists/{id}/items')).toBeGreaterThan(2);
  }, 240_000);
});

test('reads that lag behind the writes are waited for', async () => {
  const { small, plan } = await stage.scene();
  for (const method of ['DELETE', 'PUT', 'POST']) await fault({ method, times: 10, readLagMs: 2_000 });
  const run = await stage.enforce(plan);
  await runsThere(run.runId, small);
  const undo = await stage.undo(run.runId);
  await andBack(undo.runId, small);
}, 240_000);

describe('the connection', () => {
  /** Twelve playlists, each with a track of the artist. */
  const twelve = (small: SmallLibrary): SmallLibrary => {
    const [list] = small.library.playlists;
    const [listWithout] = small.without.playlists;
    if (!list || !listWithout) throw new Error('There is no playlist.');
    const copies = <T extends { id: string }>(one: T) =>
      Array.from({ length: 12 }, (_, n): T => ({ ...one, id: `${one.id}-of-twelve-${n}` }));
    return {
      ...small,
      library: { ...small.library, playlists: copies(list) },
      without: { ...small.without, playlists: copies(listWithout) },
    };
  };

  /** Lets a slowed run take its first playlists, then does something. */
  async function inTheMiddle(planId: string, deed: () => Promise<unknown>): Promise<{ runId: string; jobId: string }> {
    await fault({ times: 10_000, delayMs: 200 });
    const run = await stage.person.execute(planId);
    await stage.until(`select id from actions where run_id = ? and playlist_id is not null and status = 'applied'`, [
      run.runId,
    ]);
    await deed();
    await stage.system.admin.clearFaults();
    await stage.system.jobEnd(run.jobId);
    return run;
  }

  test('whose token ends in the middle is refreshed once for all batches that want it', async () => {
    const { small, plan } = await stage.scene(twelve);
    const run = await inTheMiddle(plan.id, () => stage.system.admin.expireTokens(stage.user));
    await runsThere(run.runId, small);
    expect(await stage.countCalls('POST', '/api/token')).toBe(1);
    await andBack((await stage.undo(run.runId)).runId, small);
  }, 240_000);

  test('that is revoked in the middle leaves a run that needs attention and a journal that tells the truth', async () => {
    const { small, plan } = await stage.scene(twelve);
    const run = await inTheMiddle(plan.id, () => stage.system.admin.revoke(stage.user));
    expect(await stage.person.run(run.runId)).toMatchObject({
      status: 'needs_attention',
      failureCode: 'needs_reconnect',
    });
    expect(await stage.system.jobEnd(run.jobId)).toMatchObject({ status: 'failed', failure_code: 'needs_reconnect' });
    const library = await stage.library();
    const actions = await stage.actions(run.runId);
    for (const action of actions.filter((one) => one.playlist_id !== null)) {
      const playlist = library.playlists.find((one) => one.id === action.playlist_id);
      const there = playlist?.items.some((item) => item.uri === action.uri);
      if (action.status === 'applied') expect([action.uri, there]).toEqual([action.uri, false]);
      if (action.status === 'pending') expect([action.uri, there]).toEqual([action.uri, true]);
    }
    expect(actions.map((action) => action.status)).toContain('applied');
    expect(actions.map((action) => action.status)).toContain('pending');
    expect(actions.filter((action) => action.status === 'applying')).toEqual([]);

    await stage.reconnect();
    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 240_000);
});

describe('a person who goes on using Spotify', () => {
  const uris = (library: { playlists: { items: { uri: string | null }[] }[] }, n: number) =>
    (library.playlists[n]?.items ?? []).map((item) => item.uri);

  test('edits playlists between plan and run, and between run and rollback: their edits stand, order and copies come back', async () => {
    const { small, plan } = await stage.scene();
    const [first, second] = small.library.playlists;
    const [one, keep, , two, local, kept] = uris(small.library, 0) as string[];
    const [stays, three] = uris(small.library, 1) as string[];
    const edit = (playlistId: string | undefined, change: Record<string, unknown>) =>
      stage.system.admin.edit(stage.user, playlistId ?? '', change);

    await edit(first?.id, { op: 'insert', uris: [stays], position: 2 });
    await edit(first?.id, { op: 'rename', name: 'Another name' });
    await edit(second?.id, { op: 'move', from: 4, to: 0 });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed' });
    const between = await stage.library();
    expect(uris(between, 0)).toEqual([keep, stays, local, kept]);
    expect(uris(between, 1)).toEqual([keep, stays, null, keep]);

    await edit(first?.id, { op: 'insert', uris: [three], position: 4 });
    await edit(first?.id, { op: 'remove', position: 0 });
    await edit(second?.id, { op: 'insert', uris: [two] });
    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed' });
    const after = await stage.library();
    expect(uris(after, 0)).toEqual([one, stays, one, two, local, kept, one, three]);
    expect(uris(after, 1)).toEqual([keep, stays, three, null, three, keep, two]);
  }, 120_000);

  test('takes something of each kind out before the run: that is passed over, the rest is done, and only that comes back', async () => {
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
      playlists: library.playlists.map((list) => ({ ...list, items: list.items.filter(({ uri }) => uri !== one) })),
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
      ['playlist_track', one],
    ]);
    expect(actions.filter(({ status }) => status !== 'skipped').length).toBeGreaterThan(2);
    expect(new Set(actions.map(({ status }) => status))).toEqual(new Set(['skipped', 'applied']));
    expect(shapeOf(await stage.library())).toEqual(shapeOf(own(small.without)));
    expect(uris(await stage.library(), 0)).toContain(keep);

    const undo = await stage.undo(run.runId);
    expect(await stage.person.run(undo.runId)).toMatchObject(completed);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(own(small.library)));
  }, 120_000);

  test('deletes a playlist before the run: its items are passed over, the rest is done', async () => {
    const { small, plan } = await stage.scene();
    const [first, second] = small.library.playlists;
    if (!first || !second) throw new Error('There are two playlists.');
    await stage.system.admin.setLibrary(stage.user, { ...small.library, playlists: [first] });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed' });
    const inSecond = (await stage.actions(run.runId)).filter((action) => action.playlist_id === second.id);
    expect(new Set(inSecond.map((action) => `${action.status} ${action.outcome_code}`))).toEqual(
      new Set(['skipped playlist_gone']),
    );
    expect(shapeOf(await stage.library())).toEqual(
      shapeOf({ ...small.without, playlists: small.without.playlists.slice(0, 1) }),
    );
  }, 120_000);

  test('deletes a playlist before the rollback: the rest comes back, and the run says what cannot', async () => {
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
      shapeOf({ ...small.library, playlists: small.library.playlists.slice(0, 1) }),
    );
  }, 120_000);
});

describe('a refusal', () => {
  const onlyFollows = (small: SmallLibrary): SmallLibrary => ({
    ...small,
    library: { ...small.library, likes: [], albums: [], playlists: [] },
    without: { ...small.without, likes: [], albums: [], playlists: [] },
  });

  test('to unfollow artists by the library call is reported as unsupported, and fails nothing', async () => {
    const { small, plan } = await stage.scene(onlyFollows);
    await fault({ method: 'DELETE', route: '/me/library', times: 10, status: 400 });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject(completed);
    expect(await stage.actions(run.runId)).toMatchObject([{ status: 'skipped', outcome_code: 'unsupported' }]);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    // The next plan says so before.
    const next = await stage.person.plan();
    const planned = `select action_type, not_enforceable, included from plan_items where plan_id = ?`;
    expect(await stage.until(planned, [next.id])).toEqual({
      action_type: 'none',
      not_enforceable: 'unsupported',
      included: false,
    });
  }, 120_000);

  test('for a scope that is missing fails those actions with its code, once a kind, and not the others', async () => {
    const { small, plan } = await stage.scene();
    const body = { error: { status: 403, message: 'Insufficient client scope' } };
    await fault({ method: 'DELETE', route: '/me/library', times: 10, status: 403, body });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ ...completed, status: 'partially_completed' });
    const ends = (await stage.actions(run.runId)).map((action) => [action.playlist_id === null, action.outcome_code]);
    expect(new Set(ends.map(String))).toEqual(new Set(['true,insufficient_scope', 'false,removed']));
    expect(await stage.countCalls('DELETE', '/me/library')).toBe(3);
    expect(shapeOf(await stage.library())).toEqual(shapeOf({ ...small.library, playlists: small.without.playlists }));
    await stage.system.admin.clearFaults();
    await stage.undo(run.runId);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  }, 120_000);
});
