import { allPages, itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness({}, { SANDBOX_URL: 'http://127.0.0.1:9' });
});
beforeEach(async () => {
  person = await harness.person();
});
afterAll(() => harness.api.close());

describe('connections', () => {
  it('are listed newest first, without anything secret', async () => {
    const one = await harness.rows.connection(person.id, { name: 'One' });
    const two = await harness.rows.connection(person.id, { health: 'needs_reconnect' });
    const items = await allPages(person, 'connections', 1);
    expect(items.map(({ id }) => id)).toEqual([two, one]);
    expect(items[1]).toEqual({
      id: one,
      provider: 'spotify',
      accountName: 'One',
      storefront: null,
      health: 'healthy',
      healthCode: null,
      checkedAt: null,
      action: null,
      app: { clientId: 'client', own: false },
      scopes: [],
      lastSyncedAt: null,
      version: 1,
      createdAt: expect.any(String),
      library: null,
      syncJobId: null,
      refreshable: true,
      revocable: false,
      reconnectHref: `/api/v1/connections/spotify/start?connectionId=${one}`,
    });
    expect(items[0]).toMatchObject({
      action: { code: 'reconnect', href: `/api/v1/connections/spotify/start?connectionId=${two}` },
    });
    expect((await person.get(`connections/${one}`)).body).toEqual(items[1]);
  });

  it('have providers whose state everybody may see', async () => {
    const answer = await harness.api.call('GET', '/api/v1/providers/status');
    const open = { gate: 'open', closedUntil: null, quotas: [{ gate: 'open', closedUntil: null }] };
    const uncounted = { use: 'sign_in', gate: null, closedUntil: null, quotas: [] };
    const alike = { available: true, sandbox: true, degraded: false };
    expect(answer.body.items).toEqual([
      { ...alike, ...open, provider: 'spotify', use: 'connect', connectHref: '/api/v1/connections/spotify/start' },
      { ...alike, ...open, provider: 'apple_music', use: 'connect', connectHref: '/connect/apple-music' },
      { ...alike, ...uncounted, provider: 'google', connectHref: '/api/v1/auth/google/start' },
      { ...alike, ...uncounted, provider: 'apple', connectHref: '/api/v1/auth/apple/start' },
      { ...alike, ...uncounted, provider: 'github', connectHref: '/api/v1/auth/github/start' },
    ]);
  });
});

describe('asking for a sync', () => {
  it('starts one, and joins it while it is under way', async () => {
    const id = await harness.rows.connection(person.id);
    const before = harness.started.length;
    const answers = await Promise.all([1, 2, 3, 4].map(() => person.send('POST', `connections/${id}/library-sync`)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const jobIds = new Set(answers.map(({ body }) => body.jobId));
    expect(jobIds.size).toBe(1);
    expect(harness.started.length).toBe(before + 1);
    const [jobId] = [...jobIds];
    expect(answers[0]?.headers.get('location')).toBe(`/api/v1/jobs/${String(jobId)}`);
    expect((await person.get(`connections/${id}`)).body.syncJobId).toBe(jobId);
    const [entry] = await harness.rows.em.execute<{ workflow_type: string; workflow_id: string; input: unknown }[]>(
      `select workflow_type, workflow_id, input from outbox where id = ?`,
      [harness.started.at(-1)],
    );
    expect(entry).toEqual({
      workflow_type: 'syncLibrary',
      workflow_id: `library-sync:${String(jobId)}`,
      input: { jobId, connectionId: id },
    });
    await harness.rows.em.execute(`update jobs set status = 'completed', finished_at = now() where id = ?`, [jobId]);
    expect((await person.send('POST', `connections/${id}/library-sync`)).body.jobId).not.toBe(jobId);
  });

  it('of a connection that must be renewed is a 409 that says where', async () => {
    const id = await harness.rows.connection(person.id, { health: 'needs_reconnect' });
    const answer = await person.send('POST', `connections/${id}/library-sync`, {});
    expect(outcome(answer)).toEqual([409, 'connection_unusable']);
    expect(answer.body.action).toMatchObject({ code: 'reconnect' });
  });
});

describe('the library', () => {
  let id: string;
  const path = (query: string) => `connections/${id}/library?${query}`;
  beforeAll(async () => {
    person = await harness.person();
  });
  beforeEach(async () => {
    id = await harness.rows.connection(person.id);
  });
  const fill = () =>
    harness.rows.library(id, {
      tracks: [
        { id: 'l1', name: 'Früh', artistId: 'la', artist: 'Morning' },
        { id: 'l2', name: 'Late', artistId: 'lb', artist: 'Evening' },
        { id: 'l3', name: 'Noon', artistId: 'lb', artist: 'Evening' },
      ],
      likes: ['l1', 'l2', 'l3', 'unheard'],
      playlists: [
        { id: 'mine', name: 'Für Elise', ownerId: 'me', tracks: ['l2', null, 'l1', 'l2'] },
        { id: 'theirs', name: 'Theirs', ownerId: 'them', tracks: ['l1'], readable: false },
      ],
    });

  it('before the first sync is empty, and says why', async () => {
    expect((await person.get(path('kind=likes'))).body).toEqual({
      items: [],
      nextCursor: null,
      emptyReason: 'not_synced',
    });
  });

  it('comes page by page, with names where the catalog has them', async () => {
    await fill();
    const likes = await allPages(person, path('kind=likes'), 3);
    expect(likes.map(({ uri, name, kind }) => ({ uri, name, kind }))).toEqual([
      { uri: 'spotify:track:l1', name: 'Früh', kind: 'track' },
      { uri: 'spotify:track:l2', name: 'Late', kind: 'track' },
      { uri: 'spotify:track:l3', name: 'Noon', kind: 'track' },
      { uri: 'spotify:track:unheard', name: null, kind: 'track' },
    ]);
    expect(likes[1]).toMatchObject({ artists: [{ name: 'Evening' }], url: 'https://open.spotify.com/track/l2' });
    expect((await person.get(`connections/${id}`)).body.library).toEqual({
      likes: 4,
      albums: 0,
      follows: 0,
      playlists: 2,
    });
  });

  it('is searched by the name of the item or of an artist', async () => {
    await fill();
    const found = async (query: string) => (await allPages(person, path(query), 1)).map(({ position }) => position);
    expect(await found('kind=likes&query=fruh')).toEqual([0]);
    expect(await found('kind=likes&query=evening')).toEqual([1, 2]);
    expect(await found('kind=playlists&query=fur')).toEqual([0]);
    expect(await found('kind=playlist_items&playlistId=mine&query=late')).toEqual([0, 3]);
    expect((await person.get(path('kind=likes&query=zzz'))).body.emptyReason).toBe('nothing_matches');
  });

  it('keeps a playlist’s places, also those without an item', async () => {
    await fill();
    const items = await allPages(person, path('kind=playlist_items&playlistId=mine'), 2);
    expect(items.map(({ uri, position }) => [uri, position])).toEqual([
      ['spotify:track:l2', 0],
      [null, 1],
      ['spotify:track:l1', 2],
      ['spotify:track:l2', 3],
    ]);
    expect(itemsOf(await person.get(path('kind=playlists')))).toMatchObject([
      { name: 'Für Elise', playlist: { id: 'mine', own: true, length: 4, readable: true } },
      { name: 'Theirs', playlist: { id: 'theirs', own: false, length: 1, readable: false } },
    ]);
  });

  it('of a playlist that is not there, or that may not be read, is a 404; of none named a 400', async () => {
    await fill();
    expect(outcome(await person.get(path('kind=playlist_items&playlistId=nope')))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(path('kind=playlist_items&playlistId=theirs')))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(path('kind=playlist_items')))).toEqual([400, 'invalid_request']);
    expect(outcome(await person.get(path('kind=films')))).toEqual([400, 'invalid_request']);
    expect(outcome(await person.get(path('kind=likes&cursor=zz')))).toEqual([400, 'invalid_cursor']);
  });
});
