import { noExceptions } from '../../../domain/blocks';
import type { Library } from '../../../domain/library';
import { switchesFor } from '../../../domain/matching';
import { type FilePlaces, missingItems, planRestore, type RestoreInput } from '../../../domain/restore-planning';
import { album, byUri, libraryArtist, ownBlock, playlist, track, trackUri } from './support/library';

const noLibrary: Library = { likes: [], albums: [], follows: [], followedPlaylists: [], playlists: [] };
const date = (day: number) => `2024-01-0${day}T10:00:00Z`;
const filed = (uris: readonly (string | null)[], addedBy: string | null = null): FilePlaces =>
  uris.map((uri, n) => ({
    uri,
    addedAt: date(9 - n),
    addedBy,
    texts: { name: `Filed ${n}`, artists: ['A'], album: null },
  }));
const tracks = [
  track('one', { artists: ['a'] }),
  track('two', { artists: ['x', 'a'] }),
  track('three', { artists: ['a'] }),
];

function plan(
  file: Partial<Parameters<typeof missingItems>[0]>,
  library: Partial<Library> = {},
  changes: Partial<RestoreInput> = {},
) {
  const now = { ...noLibrary, ...library };
  return planRestore({
    missing: missingItems(
      { likes: [], albums: [], follows: [], followedPlaylists: [], playlists: new Map(), ...file },
      now,
    ),
    likes: now.likes,
    personProviderId: 'person',
    tracks: byUri(tracks),
    albums: byUri([album('own', 'x'), album('other', 'a')]),
    artists: byUri([libraryArtist('x'), libraryArtist('a')]),
    blocks: [ownBlock('x')],
    blockedTrackIds: new Set(),
    exceptions: noExceptions,
    creditsByTrack: new Map(),
    switches: switchesFor('standard'),
    dialect: 'development',
    ...changes,
  });
}
const uriOf = (kind: string, id: string) => `spotify:${kind}:${id}`;

describe('what a file has and the library has not', () => {
  test('is put back, with what that loses; what is there, or twice in the file, is not named', () => {
    const items = plan(
      {
        likes: filed([trackUri('one'), trackUri('three'), trackUri('one')]),
        albums: filed([uriOf('album', 'other')]),
        follows: filed([uriOf('artist', 'a')]),
      },
      { likes: [{ uri: trackUri('three'), addedAt: date(1) }] },
    );
    expect(items.map(({ uri, action, losses, included }) => [uri, action, losses, included])).toEqual([
      [trackUri('one'), 'relike_track', ['date_added', 'position'], true],
      [uriOf('album', 'other'), 'resave_album', ['date_added'], true],
      [uriOf('artist', 'a'), 'refollow_artist', [], true],
    ]);
    expect(items[0]).toMatchObject({ name: 'Song one', artists: ['The a'], matches: [], needsReview: false });
  });

  test('what a block still wants out is left out, with its reason, until the person includes it', () => {
    const items = plan({
      likes: filed([trackUri('two')]),
      albums: filed([uriOf('album', 'own')]),
      follows: filed([uriOf('artist', 'x')]),
    });
    expect(items.map(({ matches }) => matches.map(({ artistId }) => artistId))).toEqual([['x'], ['x'], ['x']]);
    expect(items.every(({ included, needsReview, action }) => !included && needsReview && action !== 'none')).toBe(
      true,
    );
  });

  test('what the catalog does not know has the texts of the file and waits for the person, but an episode has no artist', () => {
    const places = filed([trackUri('nobody'), uriOf('episode', 'talk')]);
    const items = plan({ playlists: new Map([['p', places]]) }, { playlists: [playlist('p', [])] });
    expect(items.map(({ name, included, needsReview }) => [name, included, needsReview])).toEqual([
      ['Filed 0', false, true],
      ['Filed 1', true, false],
    ]);
  });

  test('with extended quota likes keep their dates, but one that has none, or shares its minute with one that stays', () => {
    const likes: FilePlaces = [
      ...filed([trackUri('one'), trackUri('three')]),
      { uri: trackUri('two'), addedAt: null, addedBy: null, texts: null },
    ];
    const items = plan({ likes }, { likes: [{ uri: trackUri('kept'), addedAt: date(8) }] }, { dialect: 'extended' });
    expect(items.map(({ losses }) => losses)).toEqual([[], ['position'], ['date_added', 'position']]);
  });
});

describe('playlists', () => {
  const file = (uris: readonly (string | null)[], addedBy = 'person') => ({
    playlists: new Map([['p', filed(uris, addedBy)]]),
  });

  test('a track that is gone comes back to all its places, with who added it lost where that was somebody else', () => {
    const [item, ...more] = plan(file([trackUri('one'), null, trackUri('three'), trackUri('one')], 'friend'), {
      playlists: [playlist('p', [trackUri('three')])],
    });
    expect(item).toMatchObject({
      itemType: 'playlist_track',
      action: 'restore_playlist_track',
      playlistProviderId: 'p',
      positions: [0, 3],
      losses: ['date_added', 'added_by'],
    });
    expect(more).toEqual([]);
  });

  test('what could not be taken out again alone, or not be added at all, is told and never included', () => {
    const local = 'spotify:local:Aunt:Album:Song:180';
    const items = plan(file([trackUri('one'), trackUri('one'), local]), {
      playlists: [playlist('p', [trackUri('one')])],
    });
    expect(items.map(({ notEnforceable, action, included }) => [notEnforceable, action, included])).toEqual([
      ['other_copies', 'none', false],
      ['local_file', 'none', false],
    ]);
  });

  test('those of other people, and those that are gone, are left alone', () => {
    const theirs = playlist('p', [], { ownedByPerson: false, collaborative: true });
    expect(plan(file([trackUri('one')]), { playlists: [theirs] })).toEqual([]);
    expect(plan(file([trackUri('one')]))).toEqual([]);
  });

  test('one of other people that is no longer followed is followed again, unless its title names somebody blocked', () => {
    const uris = ['here', 'gone', 'blocked'].map((id) => uriOf('playlist', id));
    const named = (name: string) => ({ name, artists: [], album: null });
    const followedPlaylists = filed(uris).map((place, n) => ({
      ...place,
      addedAt: null,
      texts: named(n === 2 ? 'This Is Xavi Ro' : 'Mix'),
    }));
    const here = { providerId: 'here', uri: uriOf('playlist', 'here'), name: 'Mix', collaborative: false, items: null };
    const blocks = [{ ...ownBlock('x'), aliases: ['Xavi Ro'] }];
    const items = plan({ followedPlaylists }, { followedPlaylists: [here] }, { blocks });
    expect(
      items.map(({ itemType, uri, action, losses, included }) => [itemType, uri, action, losses, included]),
    ).toEqual([
      ['followed_playlist', uriOf('playlist', 'gone'), 'refollow_playlist', ['position'], true],
      ['followed_playlist', uriOf('playlist', 'blocked'), 'refollow_playlist', ['position'], false],
    ]);
    expect(items.map(({ name }) => name)).toEqual(['Mix', 'This Is Xavi Ro']);
  });
});
