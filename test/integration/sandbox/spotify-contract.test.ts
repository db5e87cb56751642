import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { startPrism, violationIn, type PrismProxy } from './prism-proxy';
import { admin, caller, connectSpotify, type Answer } from './visitor';

const document = process.env['SPOTIFY_OPENAPI'];
const title = 'the official description of the Spotify Web API';

(document ? describe : describe.skip)(document ? title : `${title} (skipped: SPOTIFY_OPENAPI names no file)`, () => {
  let sandbox: Sandbox;
  let extended: Sandbox;
  let proxies: PrismProxy[];
  let development: Caller;
  let extendedQuota: Caller;
  let listener: Caller;
  const ids = { track: '', album: '', artist: '', playlist: '' };

  type Caller = ReturnType<typeof caller>;

  beforeAll(async () => {
    [sandbox, extended] = await Promise.all([startSandbox(), startSandbox({ dialect: 'extended' })]);
    const upstreams = [`${sandbox.url}/spotify/v1`, `${extended.url}/spotify/v1`];
    proxies = await Promise.all(upstreams.map((upstream) => startPrism(document ?? '', upstream)));
    const [first, second] = proxies.map((proxy) => proxy.url);
    const token = async (from: Sandbox, user: string) => (await connectSpotify(from.url, user))['access_token'];
    development = caller(first ?? '', await token(sandbox, 'second-listener'));
    listener = caller(first ?? '', await token(sandbox, 'listener'));
    extendedQuota = caller(second ?? '', await token(extended, 'second-listener'));
    const { items } = await admin(sandbox.url)('GET', '/catalog/tracks?limit=1');
    const [track] = items as { id: string; albumId: string; artists: { id: string }[] }[];
    Object.assign(ids, { track: track?.id, album: track?.albumId, artist: track?.artists[0]?.id });
    ids.playlist = await someOwnPlaylist();
  }, 180_000);
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await Promise.all([sandbox.close(), extended.close()]);
  });

  // Dates the same on both sandboxes: the bundled catalog makes the same libraries.
  async function someOwnPlaylist(): Promise<string> {
    const { playlists } = await admin(sandbox.url)('GET', '/users/second-listener/spotify/library');
    return (playlists as { id: string; name: string }[]).find((list) => list.name === 'Favourites')?.id ?? '';
  }

  const path = (template: string) => template.replaceAll(/<(\w+)>/g, (_all, kind: keyof typeof ids) => ids[kind]);
  const fill = (body: unknown): unknown => (body === undefined ? undefined : JSON.parse(path(JSON.stringify(body))));

  async function conforms(
    call: Caller,
    method: string,
    template: string,
    status: number,
    body?: unknown,
  ): Promise<Answer> {
    const answer = await call(method, path(template), fill(body));
    expect({ violation: violationIn(answer), status: answer.status }).toEqual({ violation: null, status });
    return answer;
  }

  const uri = 'spotify:track:<track>';
  it.each<[string, string, number, unknown?]>([
    ['GET', '/me', 200],
    ['GET', '/me/tracks?limit=50&offset=0', 200],
    ['GET', '/me/albums?limit=50', 200],
    ['GET', '/me/following?type=artist&limit=2', 200],
    ['GET', '/me/following?type=artist&limit=50', 200],
    ['GET', '/me/playlists?limit=50', 200],
    ['POST', '/me/playlists', 201, { name: 'Fresh', public: false, description: 'made by a test' }],
    ['GET', '/playlists/<playlist>', 200],
    ['GET', '/playlists/<playlist>?fields=name,snapshot_id', 200],
    ['PUT', '/playlists/<playlist>', 200, { name: 'Renamed' }],
    ['GET', '/playlists/<playlist>/items?limit=50&additional_types=track,episode', 200],
    ['POST', '/playlists/<playlist>/items', 201, { uris: [uri, uri], position: 0 }],
    ['PUT', '/playlists/<playlist>/items', 200, { range_start: 0, insert_before: 3, range_length: 2 }],
    ['DELETE', '/playlists/<playlist>/items', 200, { items: [{ uri }] }],
    ['PUT', '/playlists/<playlist>/items', 200, { uris: [uri] }],
    ['PUT', `/me/library?uris=${uri},spotify:album:<album>,spotify:artist:<artist>`, 200],
    ['GET', `/me/library/contains?uris=${uri},spotify:album:<album>,spotify:artist:<artist>`, 200],
    ['DELETE', `/me/library?uris=${uri},spotify:album:<album>,spotify:artist:<artist>`, 200],
    ['GET', '/search?q=love&type=artist,track,album&limit=10', 200],
    ['GET', '/search?q=nothing-of-this-name&type=artist', 200],
    ['GET', '/artists/<artist>', 200],
    ['GET', '/albums/<album>', 200],
    ['GET', '/albums/<album>/tracks?limit=50', 200],
    ['GET', '/tracks/<track>', 200],
  ])('is kept by development mode: %s %s', async (...[method, template, status, body]) => {
    await conforms(development, method, template, status, body);
  });

  it.each<[string, string, number, unknown?]>([
    ['GET', '/me', 200],
    ['GET', '/me/tracks?limit=50', 200],
    ['GET', '/me/playlists', 200],
    ['PUT', '/me/tracks', 200, { ids: ['<track>'] }],
    ['PUT', '/me/tracks', 200, { ids: [], timestamped_ids: [{ id: '<track>', added_at: '2020-01-01T00:00:00Z' }] }],
    ['GET', '/me/tracks/contains?ids=<track>', 200],
    ['GET', '/me/following/contains?type=artist&ids=<artist>', 200],
    ['DELETE', '/me/tracks?ids=<track>', 200, { ids: ['<track>'] }],
    ['PUT', '/me/albums?ids=<album>', 200, { ids: ['<album>'] }],
    ['DELETE', '/me/albums?ids=<album>', 200, { ids: ['<album>'] }],
    ['PUT', '/me/following?type=artist&ids=<artist>', 204, { ids: ['<artist>'] }],
    ['DELETE', '/me/following?type=artist&ids=<artist>', 204, { ids: ['<artist>'] }],
    ['GET', '/playlists/<playlist>', 200],
    ['GET', '/playlists/<playlist>/tracks?limit=100', 200],
    ['POST', '/playlists/<playlist>/tracks', 201, { uris: [uri] }],
    ['PUT', '/playlists/<playlist>/tracks', 200, { range_start: 0, insert_before: 2 }],
    ['DELETE', '/playlists/<playlist>/tracks', 200, { tracks: [{ uri }] }],
  ])('is kept by extended quota: %s %s', async (...[method, template, status, body]) => {
    await conforms(extendedQuota, method, template, status, body);
  });

  it('is kept by refusals: no rights, no such thing here, too many calls', async () => {
    await conforms(development, 'DELETE', '/me/tracks?ids=<track>', 403);
    await conforms(caller(proxies[0]?.url ?? '', 'unknown'), 'GET', '/me', 401);
    await admin(sandbox.url)('POST', '/faults', { service: 'spotify', route: '/me', status: 429, retryAfter: 1 });
    const limited = await conforms(development, 'GET', '/me', 429);
    expect(limited.headers.get('retry-after')).toBe('1');
  });

  it('is left by nothing in a ten-year library but what real playlists hold beyond it: unavailable items and local files', async () => {
    const { playlists } = await admin(sandbox.url)('GET', '/users/listener/spotify/library');
    for (const list of playlists as {
      id: string;
      items: { uri: string | null }[];
      ownerId: string;
      collaborative: boolean;
    }[]) {
      if (list.ownerId !== 'listener' && !list.collaborative) continue;
      for (let offset = 0; offset < list.items.length; offset += 50) {
        const slice = list.items.slice(offset, offset + 50);
        const beyond = slice.some(({ uri: one }) => one === null || one.startsWith('spotify:local:'));
        const answer = await listener('GET', `/playlists/${list.id}/items?limit=50&offset=${offset}`);
        expect([list.id, offset, violationIn(answer) !== null]).toEqual([list.id, offset, beyond]);
      }
    }
  });

  it('would have found an answer of the wrong shape, and a call of the wrong shape', async () => {
    await admin(sandbox.url)('POST', '/faults', { service: 'spotify', route: '/tracks/{id}', body: { id: 17 } });
    expect(violationIn(await development('GET', path('/tracks/<track>')))).toContain('id');
    expect(violationIn(await development('GET', '/me/tracks?limit=51'))).toContain('limit');
    expect(violationIn(await development('PUT', '/me/library'))).toContain('uris');
  });
});
