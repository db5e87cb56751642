import { noExceptions } from '../../../domain/blocks';
import { capabilitiesOf } from '../../../domain/capabilities';
import { planItems, type PlanInput } from '../../../domain/planning';
import { switchesFor } from '../../../domain/matching';
import { album, byUri, libraryArtist, ownBlock, playlist, track, trackUri } from './support/library';

const localFile = 'spotify:local:The+x:Album:Song:180';
const tracks = [
  track('first', { artists: ['x', 'a'] }),
  track('guest', { artists: ['a', 'x'], albumId: 'compilation', albumArtistIds: ['a'] }),
  track('other', { artists: ['a'], albumId: 'compilation' }),
  track('local', { artists: ['x'], uri: localFile }),
];
const liked = (...ids: string[]) => ids.map((id) => ({ uri: trackUri(id), addedAt: null }));

function plan(library: Partial<PlanInput['library']>, changes: Partial<PlanInput> = {}) {
  return planItems({
    library: { likes: [], albums: [], follows: [], playlists: [], ...library },
    personProviderId: 'person',
    tracksByUri: byUri(tracks),
    albumsByUri: byUri([album('own', 'x'), album('compilation', 'a'), album('foreign', 'b')]),
    artistsByUri: byUri([libraryArtist('x'), libraryArtist('a')]),
    blocks: [ownBlock('x')],
    blockedTrackIds: new Set(),
    exceptions: noExceptions,
    switches: switchesFor('standard'),
    capabilities: capabilitiesOf('spotify'),
    dialect: 'development',
    ...changes,
  });
}

const albums = ['own', 'compilation', 'foreign'].map((id) => ({ uri: `spotify:album:${id}`, addedAt: null }));
const found = (items: ReturnType<typeof plan>) => items.map(({ itemType, uri }) => `${itemType} ${uri.split(':')[2]}`);

describe('planning what would change', () => {
  test('likes, albums, follows and playlists come in the order of the library', () => {
    const items = plan({
      likes: liked('guest', 'other', 'first', 'unknown'),
      albums,
      follows: ['spotify:artist:a', 'spotify:artist:x'],
      playlists: [playlist('p', [trackUri('first'), trackUri('guest')])],
    });
    expect(found(items)).toEqual([
      'liked_track guest',
      'liked_track first',
      'saved_album own',
      'followed_artist x',
      'playlist_track first',
      'playlist_track guest',
    ]);
    expect(items.every((item) => item.included && !item.needsReview && item.matches.length === 1)).toBe(true);
    expect(items.map((item) => item.action)).toEqual([
      'unlike_track',
      'unlike_track',
      'unsave_album',
      'unfollow_artist',
      'remove_playlist_track',
      'remove_playlist_track',
    ]);
  });

  test('one track in one playlist is one item with all its positions, unavailable items counted', () => {
    const uris = [
      trackUri('guest'),
      null,
      trackUri('other'),
      trackUri('guest'),
      'spotify:episode:e',
      trackUri('guest'),
    ];
    expect(plan({ playlists: [playlist('p', uris), playlist('q', uris.slice(3))] })).toMatchObject([
      { playlistProviderId: 'p', playlistName: 'Playlist p', positions: [0, 3, 5], artists: ['The a', 'The x'] },
      { playlistProviderId: 'q', positions: [0, 2] },
    ]);
  });

  test.each([
    ['a playlist of the person', {}, {}, 1],
    ["somebody else's playlist", { ownedByPerson: false, editable: false }, {}, 0],
    [
      "somebody else's, with every switch on",
      { ownedByPerson: false, editable: false },
      { collaborativePlaylists: true },
      0,
    ],
    ['a collaborative one of others', { ownedByPerson: false, collaborative: true }, {}, 0],
    [
      'a collaborative one of others, chosen',
      { ownedByPerson: false, collaborative: true },
      { collaborativePlaylists: true },
      1,
    ],
    [
      'a collaborative one of others that is closed to the person',
      { ownedByPerson: false, collaborative: true, editable: false },
      { collaborativePlaylists: true },
      0,
    ],
    ['any, with playlists switched off', {}, { playlistTracks: false }, 0],
  ])('%s', (_story, about, switches, count) => {
    const playlists = [playlist('p', [trackUri('first')], about)];
    expect(plan({ playlists }, { switches: switchesFor('standard', switches) })).toHaveLength(count);
  });

  test('a local file is shown and never included', () => {
    expect(plan({ playlists: [playlist('p', [localFile])] })).toMatchObject([
      { action: 'none', included: false, needsReview: false, notEnforceable: 'local_file', losses: [] },
    ]);
  });

  test('what the provider cannot do is shown and never included', () => {
    const capabilities = capabilitiesOf('spotify').filter(({ itemType }) => itemType !== 'followed_artist');
    expect(plan({ follows: ['spotify:artist:x'] }, { capabilities })).toMatchObject([
      { action: 'none', included: false, notEnforceable: 'unsupported' },
    ]);
  });

  test('a contested block waits for review, unless something firmer matches too', () => {
    const contested = { ...ownBlock('x'), contested: true };
    const likes = liked('first');
    expect(plan({ likes }, { blocks: [contested] })).toMatchObject([{ included: false, needsReview: true }]);
    expect(plan({ likes }, { blocks: [contested, ownBlock('a')] })).toMatchObject([
      { included: true, needsReview: false },
    ]);
  });

  test('kept songs and kept albums stay', () => {
    const likes = liked('first', 'guest');
    const keepSong = { ...noExceptions, trackIds: new Set(['first']) };
    expect(found(plan({ likes }, { exceptions: keepSong }))).toEqual(['liked_track guest']);
    const keepAlbum = { ...noExceptions, albumIds: new Set(['compilation', 'own']) };
    expect(found(plan({ likes, albums }, { exceptions: keepAlbum }))).toEqual(['liked_track first']);
  });

  test('a blocked track goes although its artists may stay', () => {
    const [item] = plan({ likes: liked('other') }, { blockedTrackIds: new Set(['other']) });
    expect(item?.matches).toMatchObject([{ artistId: 'a', evidence: { kind: 'blocked_track' } }]);
  });

  test('whole albums go with their one matching track only when asked for', () => {
    expect(found(plan({ albums }))).toEqual(['saved_album own']);
    const items = plan({ albums, likes: liked('other') }, { switches: switchesFor('thorough') });
    expect(found(items)).toEqual(['saved_album own', 'saved_album compilation']);
    expect(items[1]?.matches).toMatchObject([
      { artistId: 'x', role: 'featured', evidence: { kind: 'album_track', detail: trackUri('guest') } },
    ]);
  });

  test('losses depend on the app and on who added the item', () => {
    const likes = liked('first');
    const byOther = playlist('p', [trackUri('first')], {
      items: [{ uri: trackUri('first'), addedAt: null, addedBy: 'friend' }],
    });
    expect(plan({ likes, playlists: [byOther] }).map((item) => item.losses)).toEqual([
      ['date_added', 'position'],
      ['date_added', 'added_by'],
    ]);
    expect(plan({ likes }, { dialect: 'extended' })[0]?.losses).toEqual([]);
  });

  test('a library that lists something twice yields it once', () => {
    expect(plan({ likes: liked('first', 'first'), follows: ['spotify:artist:x', 'spotify:artist:x'] })).toHaveLength(2);
  });
});
