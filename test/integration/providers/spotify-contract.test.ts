import { createSpotifyClient } from '../../../adapters/providers/spotify/client';
import type { SpotifyAuth, SpotifyClient, SpotifyPlaylistSummary } from '../../../adapters/providers/spotify/types';
import { startSandbox, type Sandbox } from '../../../dev/sandbox/server';
import { admin, connectSpotify } from '../sandbox/visitor';
import { openGate } from './open-gate';
import { startPrism, type Prism } from './prism';
import { watchingDispatcher } from './violations';

const specification = process.env['SPOTIFY_OPENAPI'];
const where = 'the client, the specification and the sandbox';

if (!specification) {
  describe(where, () => {
    it.skip('agree on every call (skipped: SPOTIFY_OPENAPI names no specification)', () => undefined);
  });
} else {
  let sandbox: Sandbox;
  let prism: Prism;
  let untouched: unknown;
  const { dispatcher, takeViolations } = watchingDispatcher();

  beforeAll(async () => {
    sandbox = await startSandbox();
    prism = await startPrism(specification, `${sandbox.url}/spotify/v1`);
    untouched = await admin(sandbox.url)('GET', '/users/listener/spotify/library');
  }, 120_000);

  afterAll(async () => {
    await dispatcher.close();
    await prism?.close();
    await sandbox?.close();
  });

  describe.each(['development', 'extended'] as const)(`${where} agree in %s mode on`, (dialect) => {
    let client: SpotifyClient;
    let auth: SpotifyAuth;
    const outcomes: string[] = [];
    const found: string[] = [];
    /** What the client takes the app for, before a call tells it otherwise. */
    let believed: typeof dialect;

    beforeAll(async () => {
      believed = dialect;
      await admin(sandbox.url)('PUT', '/spotify/apps/sandbox-spotify', { dialect });
      await admin(sandbox.url)('PUT', '/users/listener/spotify/library', untouched);
      const { access_token: accessToken } = await connectSpotify(sandbox.url, 'listener');
      auth = { accessToken: String(accessToken), clientId: 'sandbox-spotify', quota: 'contract' };
      client = createSpotifyClient({
        apiUrl: prism.url,
        gate: openGate(),
        timeoutSeconds: 20,
        dispatcher,
        onCall: ({ endpoint, outcome }) => outcomes.push(`${endpoint} ${outcome}`),
        apps: {
          read: () => Promise.resolve({ dialect: believed, unfollowsArtists: true }),
          noteDialect: async (_clientId, noted) => {
            found.push(noted);
            believed = noted;
            return Promise.resolve();
          },
          noteArtistsRefused: () => Promise.reject(new Error('Nobody refuses artists here')),
        },
      });
    });

    afterEach(() => {
      expect(takeViolations()).toEqual([]);
    });

    const playlistNamed = async (name: string): Promise<SpotifyPlaylistSummary> => {
      const { items } = await client.playlists(auth, { offset: 0, limit: 50 });
      const found = items.find((playlist) => playlist.name === name);
      if (!found) throw new Error(`The sandbox has no playlist ${name}`);
      return found;
    };

    it('the profile', async () => {
      const profile = await client.profile(auth);
      expect(profile.userId).toBe('listener');
      expect(profile.accountId).not.toBe('');
    });

    it('likes, page by page', async () => {
      const first = await client.likedTracks(auth, { offset: 0, limit: 50 });
      const second = await client.likedTracks(auth, { offset: 50, limit: 50 });
      expect(first).toMatchObject({ offset: 0, more: true });
      expect(first.items).toHaveLength(50);
      expect(second.items[0]?.track.id).not.toBe(first.items[0]?.track.id);
    });

    it('saved albums', async () => {
      const { items, total } = await client.savedAlbums(auth, { offset: 0, limit: 50 });
      expect(total).toBeGreaterThan(0);
      expect(items[0]?.album.uri).toMatch(/^spotify:album:/);
    });

    it('followed artists, cursor by cursor', async () => {
      const seen: string[] = [];
      let after: string | null = null;
      let total: number;
      do {
        const page = await client.followedArtists(auth, { after, limit: 10 });
        seen.push(...page.items.map(({ id }) => id));
        ({ after, total } = page);
      } while (after !== null);
      expect(new Set(seen).size).toBe(total);
    });

    it('playlists and their states', async () => {
      const playlist = await playlistNamed('Two of each');
      await expect(client.playlistState(auth, playlist.id)).resolves.toEqual({
        snapshotId: playlist.snapshotId,
        length: playlist.length,
        name: 'Two of each',
      });
    });

    it('the state of an empty playlist', async () => {
      const playlist = await playlistNamed('For later');
      await expect(client.playlistState(auth, playlist.id)).resolves.toMatchObject({ length: 0 });
    });

    it('what a foreign playlist shows: all to extended quota, nothing to development mode', async () => {
      const playlist = await playlistNamed('Found this week');
      if (dialect === 'extended') {
        await expect(client.playlistState(auth, playlist.id)).resolves.toMatchObject({ length: playlist.length });
        return;
      }
      await expect(client.playlistState(auth, playlist.id)).rejects.toMatchObject({ failure: 'forbidden' });
      await expect(client.playlistItems(auth, playlist.id, { offset: 0, limit: 50 })).rejects.toMatchObject({
        failure: 'forbidden',
      });
    });

    it('the items of a playlist, episodes included', async () => {
      const playlist = await playlistNamed('Talks and songs');
      const { items, total } = await client.playlistItems(auth, playlist.id, { offset: 0, limit: 50 });
      expect(items).toHaveLength(total);
      expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['track', 'episode']));
    });

    it('removing, asking about and putting back likes', async () => {
      const { items } = await client.likedTracks(auth, { offset: 0, limit: 40 });
      const likes = items.map(({ track, addedAt }) => ({ uri: track.uri, addedAt })).reverse();
      const uris = likes.map(({ uri }) => uri);
      await client.removeFromLibrary(auth, uris);
      await expect(client.libraryContains(auth, uris)).resolves.toEqual(uris.map(() => false));
      await expect(client.restoreLikes(auth, likes)).resolves.toEqual({ dated: dialect === 'extended' });
      await expect(client.libraryContains(auth, uris)).resolves.toEqual(uris.map(() => true));
      const after = await client.likedTracks(auth, { offset: 0, limit: 40 });
      expect(after.items.map(({ track }) => track.uri)).toEqual(items.map(({ track }) => track.uri));
      const dates = (page: typeof items) => page.map(({ addedAt }) => addedAt);
      if (dialect === 'extended') expect(dates(after.items)).toEqual(dates(items));
      else expect(dates(after.items)).not.toEqual(dates(items));
    });

    it('removing and saving albums', async () => {
      const albums = await client.savedAlbums(auth, { offset: 0, limit: 2 });
      const uris = albums.items.map(({ album }) => album.uri);
      await client.removeFromLibrary(auth, uris);
      await expect(client.libraryContains(auth, uris)).resolves.toEqual(uris.map(() => false));
      await client.saveToLibrary(auth, uris);
      await expect(client.libraryContains(auth, uris)).resolves.toEqual(uris.map(() => true));
    });

    it('unfollowing and following artists', async () => {
      const artists = await client.followedArtists(auth, { after: null, limit: 2 });
      const uris = artists.items.map(({ id }) => `spotify:artist:${id}`);
      await client.unfollowArtists(auth, uris);
      await expect(client.libraryContains(auth, uris)).resolves.toEqual(uris.map(() => false));
      await client.followArtists(auth, uris);
      await expect(client.libraryContains(auth, uris)).resolves.toEqual(uris.map(() => true));
    });

    it('which mode the app is in, where the client took it for the other one', async () => {
      const { items } = await client.likedTracks(auth, { offset: 0, limit: 1 });
      const artists = await client.followedArtists(auth, { after: null, limit: 1 });
      const likes = items.map(({ track, addedAt }) => ({ uri: track.uri, addedAt }));
      const uris = artists.items.map(({ id }) => `spotify:artist:${id}`);
      if (dialect === 'development') {
        believed = 'extended';
        await expect(client.restoreLikes(auth, likes)).resolves.toEqual({ dated: false });
      } else {
        believed = 'development';
        // As the specification has this one refusal: without the envelope of all others.
        const body = { status: 400, message: 'Unsupported URI type' };
        const refused = { service: 'spotify', method: 'DELETE', route: '/me/library', status: 400, body };
        await admin(sandbox.url)('POST', '/faults', refused);
        await client.unfollowArtists(auth, uris);
        await expect(client.libraryContains(auth, uris)).resolves.toEqual([false]);
      }
      expect(found).toEqual([dialect]);
    });

    it('removing from a playlist every occurrence, and inserting at a position', async () => {
      const playlist = await playlistNamed('Two of each');
      const before = await client.playlistItems(auth, playlist.id, { offset: 0, limit: 50 });
      const uris = before.items.slice(0, 2).map(({ uri }) => String(uri));
      const removed = await client.removePlaylistItems(auth, playlist.id, uris, playlist.snapshotId);
      const between = await client.playlistState(auth, playlist.id);
      expect(between).toMatchObject({ snapshotId: removed.snapshotId, length: before.total - 4 });
      const inserted = await client.insertPlaylistItems(auth, playlist.id, uris, 0);
      const after = await client.playlistItems(auth, playlist.id, { offset: 0, limit: 50 });
      expect(after.items.slice(0, 2).map(({ uri }) => uri)).toEqual(uris);
      expect(inserted.snapshotId).not.toBe(removed.snapshotId);
    });

    it('making a private playlist, listing it on top with its description, filling and deleting it', async () => {
      const { items } = await client.likedTracks(auth, { offset: 0, limit: 2 });
      const uris = items.map(({ track }) => track.uri);
      const about = { name: 'Removed on 2026-11-28', description: 'Likes, in their order. 0190' };
      const { id, snapshotId } = await client.createPrivatePlaylist(auth, about);
      const [first] = (await client.playlists(auth, { offset: 0, limit: 50 })).items;
      expect(first).toMatchObject({ id, name: about.name, description: about.description, snapshotId, length: 0 });
      await client.insertPlaylistItems(auth, id, uris, 0);
      const filled = await client.playlistItems(auth, id, { offset: 0, limit: 50 });
      expect(filled.items.map(({ uri }) => uri)).toEqual(uris);
      const own = [`spotify:playlist:${id}`];
      await expect(client.libraryContains(auth, own)).resolves.toEqual([true]);
      await client.removeFromLibrary(auth, own);
      await expect(client.libraryContains(auth, own)).resolves.toEqual([false]);
    });

    it('the search for artists, and single artists, albums and tracks', async () => {
      const { items } = await client.likedTracks(auth, { offset: 0, limit: 1 });
      const track = items[0]?.track;
      if (!track?.album || !track.artists[0]) throw new Error('The sandbox gave a track without album or artist');
      await expect(client.track(auth, track.id)).resolves.toEqual(track);
      await expect(client.album(auth, track.album.id)).resolves.toMatchObject({ id: track.album.id });
      await expect(client.artist(auth, track.artists[0].id)).resolves.toMatchObject(track.artists[0]);
      const found = await client.searchArtists(auth, track.artists[0].name, 10);
      expect(found.map(({ id }) => id)).toContain(track.artists[0].id);
    });

    it('the refusal of a dead token', async () => {
      await expect(client.profile({ ...auth, accessToken: 'BQnobody' })).rejects.toMatchObject({
        failure: 'unauthorized',
      });
    });

    it('nothing that breaks the specification on our side: a page of 51 is stopped', async () => {
      await expect(client.likedTracks(auth, { offset: 0, limit: 51 })).rejects.toMatchObject({ failure: 'invalid' });
      expect(takeViolations()).not.toEqual([]);
    });

    it('nothing that breaks it on the other side: a total that is no number is stopped', async () => {
      const fault = { service: 'spotify', method: 'GET', route: '/me/tracks', body: { total: 'many' } };
      await admin(sandbox.url)('POST', '/faults', fault);
      await expect(client.likedTracks(auth, { offset: 0, limit: 50 })).rejects.toMatchObject({
        failure: 'unavailable',
        details: { status: 500 },
      });
      expect(takeViolations()).not.toEqual([]);
    });

    it('every call that the client has', () => {
      const called = new Set(outcomes.filter((text) => text.endsWith(' ok')).map((text) => text.split(' ')[0]));
      expect([...called].sort()).toEqual(
        [
          'album',
          'artist',
          'followed_artists',
          'library_contains',
          'library_remove',
          'library_save',
          'liked_tracks',
          'playlist_create',
          'playlist_insert',
          'playlist_items',
          'playlist_remove',
          'playlist_state',
          'playlists',
          'profile',
          'saved_albums',
          'search_artists',
          'track',
          ...(dialect === 'extended' ? ['artists_follow', 'artists_unfollow', 'older_contains', 'tracks_save'] : []),
        ].sort(),
      );
    });
  });
}
