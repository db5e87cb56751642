import { createSpotifyAppBook } from '../../../adapters/postgres/spotify-app-book';
import { createCallNotes } from '../../../adapters/postgres/provider-calls';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
beforeEach(async () => {
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
});
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.api.close());

describe('asking for a plan', () => {
  it('writes the plan, its job and the start of its workflow, and says where to watch', async () => {
    const before = harness.started.length;
    const answer = await person.send('POST', 'enforcement/plans', {
      connectionId,
      preset: 'thorough',
      switches: { savedAlbums: false },
      onFailure: 'rollback',
    });
    expect(answer.status).toBe(202);
    const { planId, jobId } = answer.body;
    expect(answer.headers.get('location')).toBe(`/api/v1/jobs/${String(jobId)}`);
    expect((await person.get(`enforcement/plans/${String(planId)}`)).body).toMatchObject({
      id: planId,
      connectionId,
      jobId,
      preset: 'thorough',
      switches: { savedAlbums: false },
      onFailure: 'rollback',
      status: 'preparing',
      staleReasons: [],
      counts: { total: 0, included: 0, byType: {}, byLoss: {} },
      backup: { offered: false },
      runId: null,
    });
    expect((await person.get(`jobs/${String(jobId)}`)).body).toMatchObject({
      type: 'plan',
      status: 'queued',
      subject: { type: 'plan', id: planId, href: `/api/v1/enforcement/plans/${String(planId)}` },
    });
    const [entry] = await harness.rows.em.execute<{ workflow_type: string; workflow_id: string; input: unknown }[]>(
      `select workflow_type, workflow_id, input from outbox where id = ?`,
      [harness.started.at(-1)],
    );
    expect(harness.started.length).toBe(before + 1);
    expect(entry).toEqual({
      workflow_type: 'preparePlan',
      workflow_id: `plan:${String(planId)}`,
      input: { planId, jobId, connectionId },
    });
    const items = await person.get(`enforcement/plans/${String(planId)}/items`);
    expect(items.body).toEqual({ items: [], nextCursor: null, emptyReason: 'plan_preparing' });
  });

  it('the same Idempotency-Key twice makes one plan', async () => {
    const ask = () =>
      person.send('POST', 'enforcement/plans', { connectionId }, { 'idempotency-key': `plan-${connectionId}` });
    const [one, two] = [await ask(), await ask()];
    expect(two.body).toEqual(one.body);
    expect(itemsOf(await person.get('enforcement/plans'))).toHaveLength(1);
  });

  it('a connection that must be renewed is a 409 that says where', async () => {
    const broken = await harness.rows.connection(person.id, { health: 'needs_reconnect' });
    const answer = await person.send('POST', 'enforcement/plans', { connectionId: broken });
    expect(outcome(answer)).toEqual([409, 'connection_unusable']);
    expect(answer.body.action).toEqual({
      code: 'reconnect',
      href: `/api/v1/connections/spotify/start?connectionId=${broken}`,
    });
  });

  it.each([
    [{}, 'body.connectionId'],
    [{ connectionId: 'x' }, 'body.connectionId'],
    [{ connectionId: unknownId, preset: 'harsh' }, 'body.preset'],
    [{ connectionId: unknownId, switches: { everything: true } }, 'body.switches'],
    [{ connectionId: unknownId, onFailure: 'panic' }, 'body.onFailure'],
  ])('%j is a 400 that names the place', async (body, path) => {
    const answer = await person.send('POST', 'enforcement/plans', body);
    expect(outcome(answer)).toEqual([400, 'invalid_request']);
    expect(answer.body.errors).toMatchObject([{ path }]);
  });
});

test('a plan offers the backup of the library until the first run at its connection', async () => {
  const planId = await harness.rows.plan(person.id, connectionId);
  const href = `/api/v1/connections/${connectionId}/library/export`;
  expect((await person.get(`enforcement/plans/${planId}`)).body.backup).toEqual({ href, offered: true });
  await harness.rows.run(person.id, connectionId);
  expect((await person.get(`enforcement/plans/${planId}`)).body.backup).toEqual({ href, offered: false });
});

describe('the items of a plan', () => {
  let planId: string;
  let ids: string[];
  let other: string;
  beforeEach(async () => {
    const { rows } = harness;
    const artist = await rows.artist('One');
    other = await rows.artist('Other');
    planId = await rows.plan(person.id, connectionId);
    ids = await rows.items(planId, [
      { uri: 'spotify:track:a', artistId: artist },
      { uri: 'spotify:track:b', artistId: artist, role: 'featured' },
      { uri: 'spotify:track:c', artistId: other, included: false, needsReview: true },
      { uri: 'spotify:track:a', artistId: artist, playlistId: 'mix' },
      { uri: 'spotify:track:b', artistId: other, role: 'featured', playlistId: 'mix' },
      { uri: 'spotify:local:x', artistId: other, playlistId: 'mix', notEnforceable: 'local_file', losses: [] },
    ]);
  });
  const path = () => `enforcement/plans/${planId}/items`;
  const shown = async (query: string) =>
    itemsOf(await person.get(`${path()}?${query}`)).map(({ id }) => ids.indexOf(String(id)));

  it('come page by page, each once, in the plan’s order', async () => {
    const items = await allPages(person, path(), 2);
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(items[0]).toMatchObject({ itemType: 'liked_track', action: 'unlike_track', included: true });
    expect(items[0]).not.toHaveProperty('playlist');
    expect(items[3]).toMatchObject({ playlist: { id: 'mix', name: 'My Mix' }, positions: [3] });
    expect(items[5]).toMatchObject({ notEnforceable: 'local_file', included: false, action: 'none' });
  });

  it('are filtered by type, role, artist, playlist, loss and state', async () => {
    expect(await shown('itemType=liked_track')).toEqual([0, 1, 2]);
    expect(await shown('role=featured')).toEqual([1, 4]);
    expect(await shown(`artistId=${other}`)).toEqual([2, 4, 5]);
    expect(await shown(`artistId=${other}&role=featured`)).toEqual([4]);
    expect(await shown('playlistId=mix')).toEqual([3, 4, 5]);
    expect(await shown('loss=position')).toEqual([0, 1, 2]);
    expect(await shown('included=false')).toEqual([2, 5]);
    expect(await shown('needsReview=true')).toEqual([2]);
    await harness.rows.em.execute(`update plan_items set name = 'Déjà %', artists = '["Sigur Rós"]' where id = ?`, [
      ids[1],
    ]);
    expect(await shown('query=sigur%20ros')).toEqual([1]);
    expect(await shown('query=DEJA%20%25')).toEqual([1]);
    expect(await shown('query=%25&itemType=playlist_track')).toEqual([]);
    expect((await person.get(`${path()}?playlistId=none`)).body.emptyReason).toBe('nothing_matches');
  });

  it('counts, calls and time follow what is included', async () => {
    const plan = (await person.get(`enforcement/plans/${planId}`)).body;
    expect(plan.counts).toEqual({
      total: 6,
      included: 4,
      byType: { liked_track: 3, playlist_track: 3 },
      byLoss: { date_added: 4, position: 2 },
    });
    const changed = await person.send('PATCH', path(), { filter: { playlistId: 'mix' }, included: false });
    expect(changed.body).toEqual({
      changed: 2,
      counts: {
        total: 6,
        included: 2,
        byType: { liked_track: 3, playlist_track: 3 },
        byLoss: { date_added: 2, position: 2 },
      },
    });
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
      providerCalls: 4,
      estimatedSeconds: 1,
      version: Number(plan.version) + 1,
    });
    await person.send('PATCH', path(), { filter: {}, included: false });
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
      providerCalls: 0,
      estimatedSeconds: 0,
    });
  });

  it('time goes by the latency measured lately, of each kind of call its own', async () => {
    const latency = createCallNotes(harness.api.deps.orm);
    const include = async () => {
      await person.send('PATCH', path(), { itemIds: [ids[0]], included: true });
      return (await person.get(`enforcement/plans/${planId}`)).body;
    };
    await person.send('PATCH', path(), { filter: {}, included: false });
    latency.note('spotify', { endpoint: 'library_remove', outcome: 'ok', seconds: 9 });
    latency.note('spotify', { endpoint: 'library_remove', outcome: 'ok', seconds: 11 });
    latency.note('spotify', { endpoint: 'library_contains', outcome: 'ok', seconds: 0.1 });
    latency.note('spotify', { endpoint: 'library_contains', outcome: 'outcome_unknown', seconds: 60 });
    latency.note('apple_music', { endpoint: 'library_contains', outcome: 'ok', seconds: 60 });
    await latency.flush();
    // A batch is a write and a look, one after the other; a look at the top, never measured, takes the average of both.
    expect(await include()).toMatchObject({ providerCalls: 4, estimatedSeconds: 11 });

    for (let n = 0; n < 200; n += 1) latency.note('spotify', { endpoint: 'library_remove', outcome: 'ok', seconds: 2 });
    await latency.flush();
    await person.send('PATCH', path(), { filter: {}, included: false });
    expect(await include()).toMatchObject({ providerCalls: 4, estimatedSeconds: 3 });
    await harness.rows.em.execute(`delete from provider_latencies`);
  });

  it('time counts what is left of a closed gate, while there is anything to do', async () => {
    const closed = async (seconds: number) => {
      await harness.rows.em.execute(
        `insert into provider_gates (quota, provider, tokens, closed_until) values ('spotify-default', 'spotify', 0, now() + make_interval(secs => ?))
         on conflict (quota) do update set closed_until = excluded.closed_until`,
        [seconds],
      );
      return Number((await person.get(`enforcement/plans/${planId}`)).body.estimatedSeconds);
    };
    await person.send('PATCH', path(), { itemIds: [ids[0]], included: false });
    const open = await closed(-3_600);
    expect(open).toBeGreaterThan(0);
    expect(await closed(36_000)).toBeGreaterThan(open + 35_000);
    await person.send('PATCH', path(), { filter: {}, included: false });
    expect(await closed(36_000)).toBe(0);
    await harness.rows.em.execute(`delete from provider_gates where quota = 'spotify-default'`);
  });

  it('the plan says what can be done there and what cannot', async () => {
    const plan = (await person.get(`enforcement/plans/${planId}`)).body;
    expect(plan.provider).toBe('spotify');
    const notes = plan.capabilities as Record<string, unknown>[];
    expect(notes.map(({ itemType }) => itemType)).toEqual([
      'liked_track',
      'saved_album',
      'followed_artist',
      'followed_playlist',
      'playlist_track',
      'removed_likes',
    ]);
    expect(notes[4]).toMatchObject({ canRemove: true, exact: false, note: expect.stringContaining('local files') });
    expect(notes[2]).toMatchObject({ canRemove: true });

    const book = createSpotifyAppBook(harness.api.deps.orm, [], () => undefined);
    await book.noteArtistsRefused('client');
    const [listed] = itemsOf(await person.get('enforcement/plans'));
    for (const { capabilities } of [listed ?? {}, (await person.get(`enforcement/plans/${planId}`)).body])
      expect((capabilities as unknown[])[2]).toMatchObject({ itemType: 'followed_artist', canRemove: false });
    await harness.rows.em.execute(`delete from spotify_app_findings`);
  });

  it('by id, what needs review can be included and what cannot be enforced never', async () => {
    const changed = await person.send('PATCH', path(), { itemIds: [ids[2], ids[5]], included: true });
    expect(changed.body).toMatchObject({ changed: 1, counts: { included: 5 } });
    expect(await shown('included=false')).toEqual([5]);
    expect((await person.send('PATCH', path(), { filter: {}, included: true })).body).toMatchObject({ changed: 0 });
  });

  it('of another plan are named as such, and nothing is changed', async () => {
    const answer = await person.send('PATCH', path(), { itemIds: [ids[0], unknownId], included: false });
    expect(outcome(answer)).toEqual([400, 'invalid_request']);
    expect(answer.body.errors).toMatchObject([{ path: 'body.itemIds[1]', code: 'unknown_item' }]);
    expect(await shown('included=true')).toEqual([0, 1, 3, 4]);
  });

  it.each([
    { included: true },
    { itemIds: [unknownId], filter: {}, included: true },
    { itemIds: [], included: true },
    { filter: { itemtype: 'liked_track' }, included: true },
    { filter: {} },
  ])('a change that does not say which and what (%j) is a 400', async (body) => {
    expect(outcome(await person.send('PATCH', path(), body))).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['itemType=video', 'itemType', 'invalid_value'],
    ['itemType=liked_track&itemType=manual', 'itemType', 'invalid_value'],
    ['role=singer', 'role', 'invalid_value'],
    ['included=yes', 'included', 'invalid_value'],
    ['needsReview=1', 'needsReview', 'invalid_value'],
    ['artistId=1%20or%201=1', 'artistId', 'invalid_format'],
    ['playlistId=', 'playlistId', 'too_small'],
    [`playlistId=${'x'.repeat(101)}`, 'playlistId', 'too_big'],
    ['playlistId=%00', 'playlistId', 'invalid_text'],
    ['loss=everything', 'loss', 'invalid_value'],
    ['query=%20', 'query', 'too_small'],
    ['query=%F0%9F%00', 'query', 'invalid_text'],
  ])('a filter that can be none (%s) is a 400 with its place', async (query, word, code) => {
    const answer = await person.get(`${path()}?${query}`);
    expect(outcome(answer)).toEqual([400, 'invalid_request']);
    expect(answer.body.errors).toMatchObject([{ path: `query.${word}`, code }]);
  });

  it('the same words choose what to change, and wrong ones are named and change nothing', async () => {
    for (const [filter, place] of [
      [{ included: 'true' }, 'body.filter.included'],
      [{ artistId: other, role: 'singer' }, 'body.filter.role'],
      [{ playlistId: 'a\0' }, 'body.filter.playlistId'],
      [{ query: '' }, 'body.filter.query'],
    ] as const) {
      const answer = await person.send('PATCH', path(), { filter, included: false });
      expect(outcome(answer)).toEqual([400, 'invalid_request']);
      expect(answer.body.errors).toMatchObject([{ path: place }]);
    }
    const changed = await person.send('PATCH', path(), {
      filter: { artistId: other, role: 'featured', loss: 'date_added', included: true, query: 'a song' },
      included: false,
    });
    expect(changed.body).toMatchObject({ changed: 1, counts: { total: 6, included: 3 } });
    expect(await shown('included=false')).toEqual([2, 4, 5]);
  });

  it('a change to a version that is gone is a 409', async () => {
    const answer = await person.send('PATCH', path(), { filter: {}, included: false, version: 99 });
    expect(outcome(answer)).toEqual([409, 'version_conflict']);
  });

  it('a cursor of a place that cannot be is a 400', async () => {
    const cursor = Buffer.from('{"place":-1,"made":0}').toString('base64url');
    expect(outcome(await person.get(`${path()}?cursor=${cursor}`))).toEqual([400, 'invalid_cursor']);
  });
});

describe('plans as a list', () => {
  it('newest first, page by page, of one connection where asked', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.push(await harness.rows.plan(person.id, connectionId));
    const elsewhere = await harness.rows.plan(person.id, await harness.rows.connection(person.id));
    const all = await allPages(person, 'enforcement/plans', 2);
    expect(all.map(({ id }) => id)).toEqual([elsewhere, ...made.reverse()]);
    const here = await allPages(person, `enforcement/plans?connectionId=${connectionId}`, 2);
    expect(here.map(({ id }) => id)).toEqual(made);
  });

  it('of one status, as it is shown, where asked', async () => {
    const ready = await harness.rows.plan(person.id, connectionId);
    const stale = await harness.rows.plan(person.id, connectionId, { status: 'stale' });
    const expired = await harness.rows.plan(person.id, connectionId, { expired: true });
    const ids = async (query: string) => itemsOf(await person.get(`enforcement/plans?${query}`)).map(({ id }) => id);
    expect(await ids('status=ready')).toEqual([ready]);
    expect(await ids(`status=stale&connectionId=${connectionId}`)).toEqual([stale]);
    expect(await ids('status=expired')).toEqual([expired]);
    expect((await person.get('enforcement/plans?status=executed')).body.emptyReason).toBe('nothing_matches');
    expect(outcome(await person.get('enforcement/plans?status=lost'))).toEqual([400, 'invalid_request']);
  });

  it('one thrown away is gone, and its job with it', async () => {
    const jobId = await harness.rows.job(person.id, { type: 'plan', status: 'running' });
    const planId = await harness.rows.plan(person.id, connectionId, { status: 'preparing', jobId });
    expect((await person.send('DELETE', `enforcement/plans/${planId}`)).status).toBe(204);
    expect((await person.get(`enforcement/plans/${planId}`)).status).toBe(404);
    expect((await person.get(`jobs/${jobId}`)).body.status).toBe('cancelled');
  });
});
