import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../dev/sandbox/server';
import { appleVisitor } from './apple-visitor';
import { githubApp, githubVisitor } from './github-visitor';
import { admin, caller, connectSpotify } from './visitor';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a sandbox that is started again', () => {
  it('still knows its tokens, libraries and secrets', async () => {
    const statePath = join(folder, 'sandbox', 'state.json');
    const first = await startSandbox({ statePath });
    const { access_token: token } = await connectSpotify(first.url, 'listener');
    const { body } = await caller(`${first.url}/spotify/v1`, token)('POST', '/me/playlists', { name: 'Kept' });
    await first.close();

    const second = await startSandbox({ statePath });
    try {
      const again = caller(`${second.url}/spotify/v1`, token);
      expect((await again('GET', `/playlists/${String(body['id'])}?fields=name`)).body).toEqual({ name: 'Kept' });
      expect((await admin(second.url)('GET', '/secrets'))['items']).toContain(token);
    } finally {
      await second.close();
    }
  });

  it('still knows whom Apple has told about, and takes codes and tokens from before', async () => {
    const statePath = join(folder, 'state.json');
    const first = await startSandbox({ statePath });
    const { fields } = await appleVisitor(first.url).approve();
    const tokens = await githubVisitor(first.url).signIn('listener', githubApp);
    const pending = await githubVisitor(first.url).approve('admin');
    await first.close();

    const second = await startSandbox({ statePath });
    try {
      const [apple, github] = [appleVisitor(second.url), githubVisitor(second.url)];
      expect(fields['user']).toBeDefined();
      expect((await apple.approve()).fields['user']).toBeUndefined();
      expect((await apple.exchange(fields['code'])).status).toBe(200);
      expect(await github.statusOf(tokens['access_token'])).toBe(200);
      expect((await github.exchange(pending.get('code'))).body['access_token']).toBeDefined();
      expect((await admin(second.url)('GET', '/secrets'))['items']).toContain(fields['code']);
    } finally {
      await second.close();
    }
  });

  it('keeps tokens but gives fresh libraries when the catalog is another', async () => {
    const statePath = join(folder, 'state.json');
    const first = await startSandbox({ statePath });
    const { access_token: token } = await connectSpotify(first.url, 'listener');
    await first.close();
    const catalogPath = join(folder, 'catalog.csv');
    const header = 'track_id,track_name,artist_ids,artist_names,release_date,genre,duration_ms';
    writeFileSync(catalogPath, `${header}\nt1,Tide,a1,Neo Lux,2011,jazz,1000\n`);
    const second = await startSandbox({ statePath, catalogPath });
    try {
      const { body } = await caller(`${second.url}/spotify/v1`, token)('GET', '/me/tracks');
      expect(body['items']).toMatchObject([{ track: { id: 't1', artists: [{ name: 'Neo Lux' }] } }]);
    } finally {
      await second.close();
    }
  });

  it('says which file is damaged instead of starting over', async () => {
    const statePath = join(folder, 'state.json');
    writeFileSync(statePath, '{"half');
    await expect(startSandbox({ statePath })).rejects.toThrow(/state\.json is damaged/);
  });

  it('says when its port is taken', async () => {
    const first = await startSandbox();
    await expect(startSandbox({ port: first.port })).rejects.toThrow(/EADDRINUSE/);
    await first.close();
  });
});
