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
    library: { likes: [], albums: [], follows: [], playlists: [], followedPlaylists: [], ...library },
    personProviderId: 'person',
    tracksByUri: byUri(tracks),
    albumsByUri: byUri([album('own', 'x'), album('compilation', 'a'), album('foreign', 'b')]),
    artistsByUri: byUri([libraryArtist('x'), libraryArtist('a')]),
    blocks: [ownBlock('x')],
    blockedTrackIds: new Set(),
    exceptions: noExceptions,
    creditsByTrack: new Map(),
    switches: switchesFor('standard'),
    knownNames: new Set(),
    listingPlaylists: new Set(),
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

  test('a name in a title waits for review, on thorough only, and a kept song stays all the same', () => {
    const mentioned = { ...track('mentioned', { artists: ['a'], albumId: 'compilation' }), name: 'Song (feat. The x)' };
    const changes = { tracksByUri: byUri([mentioned]), switches: switchesFor('thorough') };
    const library = { likes: liked('mentioned'), playlists: [playlist('p', [trackUri('mentioned')])] };
    expect(plan(library, { ...changes, switches: switchesFor('standard') })).toEqual([]);
    expect(plan(library, changes)).toMatchObject([
      { itemType: 'liked_track', included: false, needsReview: true, matches: [{ role: 'mention' }] },
      { itemType: 'playlist_track', included: false, needsReview: true },
    ]);
    const exceptions = { ...noExceptions, trackIds: new Set(['mentioned']) };
    expect(plan(library, { ...changes, exceptions })).toEqual([]);
  });

  test('an imported credit waits for review, and says less than a credit by id', () => {
    const credit = { artistId: 'x', name: 'The x', role: 'producer', importName: 'MusicBrainz' } as const;
    const creditsByTrack = new Map(['first', 'other'].map((id) => [id, [credit]]));
    const items = plan({ likes: liked('first', 'other') }, { creditsByTrack, switches: switchesFor('thorough') });
    expect(items).toMatchObject([
      { included: true, matches: [{ role: 'primary' }] },
      { included: false, needsReview: true, matches: [{ role: 'credit' }] },
    ]);
  });

  test('an album waits for review only while nothing firmer than a name is on it', () => {
    const mentioned = { ...track('mentioned', { artists: ['a'], albumId: 'compilation' }), name: 'Song (feat. The x)' };
    const changes = { switches: switchesFor('thorough') };
    const [doubtful] = plan({ albums }, { ...changes, tracksByUri: byUri([mentioned]) }).slice(1);
    expect(doubtful).toMatchObject({ included: false, needsReview: true });
    const [sure] = plan({ albums }, { ...changes, tracksByUri: byUri([mentioned, ...tracks]) }).slice(1);
    expect(sure).toMatchObject({ included: true, matches: [{ role: 'featured' }] });
  });

  test('a thousand blocks and fifty thousand tracks', () => {
    const many = Array.from({ length: 50_000 }, (_, at) => ({
      ...track(`t${at}`, { artists: [`a${at}`] }),
      name: `Song ${at} (feat. The x${at})`,
    }));
    const blocks = Array.from({ length: 1_000 }, (_, at) => ownBlock(`x${at}`));
    const switches = switchesFor('thorough');
    const library = { likes: many.map(({ uri }) => ({ uri, addedAt: null })) };
    expect(plan(library, { tracksByUri: byUri(many), blocks, switches })).toHaveLength(1_000);
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

  test('the playlist of removed likes comes last, where it is asked for and likes leave', () => {
    const switches = switchesFor('standard', { removedLikesPlaylist: true });
    const listed = plan({ likes: liked('first'), follows: ['spotify:artist:x'] }, { switches });
    expect(listed.map(({ itemType, included }) => [itemType, included])).toEqual([
      ['liked_track', true],
      ['followed_artist', true],
      ['removed_likes', true],
    ]);
    expect(plan({ likes: liked('first') }).map(({ itemType }) => itemType)).toEqual(['liked_track']);
    expect(plan({ likes: liked('other') }, { switches })).toEqual([]);
    expect(plan({ likes: [{ uri: localFile, addedAt: null }] }, { switches }).map(({ action }) => action)).toEqual([
      'none',
    ]);
  });

  test('a playlist that lists what runs have removed is left alone', () => {
    const playlists = ['listing', 'other'].map((id) => playlist(id, [trackUri('first')]));
    const items = plan({ playlists }, { listingPlaylists: new Set(['listing']) });
    expect(items.map(({ playlistProviderId }) => playlistProviderId)).toEqual(['other']);
  });

  describe('playlists of others that are followed', () => {
    const followed = (name: string, uris: (string | null)[] | null = null, collaborative = false) => ({
      providerId: 'theirs',
      uri: 'spotify:playlist:theirs',
      name,
      collaborative,
      items: uris && playlist('theirs', uris).items,
    });
    const blocks = [{ ...ownBlock('x'), aliases: ['Xavi Ro'] }];
    const thorough = { blocks, switches: switchesFor('thorough') };

    test('wait for the person, by a name in the title, and are sought on thorough only', () => {
      const library = { followedPlaylists: [followed('This Is Xavi Ro'), followed('Xavi Romero')] };
      expect(plan(library)).toEqual([]);
      const title = { kind: 'title', detail: 'This Is Xavi Ro', found: { text: 'Xavi Ro', start: 8, end: 15 } };
      expect(plan(library, thorough)).toMatchObject([
        {
          itemType: 'followed_playlist',
          uri: 'spotify:playlist:theirs',
          name: 'This Is Xavi Ro',
          playlistProviderId: null,
          action: 'unfollow_playlist',
          losses: ['position'],
          included: false,
          needsReview: true,
          matches: [{ artistId: 'x', role: 'mention', evidence: title }],
        },
      ]);
      expect(plan(library, { ...thorough, knownNames: new Set(['is xavi ro']) })).toEqual([]);
    });

    test('say on how many of their places an artist is credited, where those can be read, and wait all the same', () => {
      const uris = [trackUri('guest'), trackUri('other'), null, trackUri('first')];
      const items = plan({ followedPlaylists: [followed('Mix', uris)] }, thorough);
      const evidence = { kind: 'playlist_tracks', detail: 'spotify:playlist:theirs', share: { tracks: 2, of: 4 } };
      expect(items).toMatchObject([
        { included: false, needsReview: true, matches: [{ artistId: 'x', role: 'primary', evidence }] },
      ]);
      const [both] = plan({ followedPlaylists: [followed('Xavi Ro Mix', uris)] }, thorough);
      expect(both?.matches).toMatchObject([
        { evidence: { kind: 'title', found: { text: 'Xavi Ro' }, share: { tracks: 2, of: 4 } } },
      ]);
      const exceptions = { ...noExceptions, trackIds: new Set(['first', 'guest']) };
      expect(plan({ followedPlaylists: [followed('Mix', uris)] }, { ...thorough, exceptions })).toEqual([]);
    });

    test('stay where their tracks are taken out instead', () => {
      const library = { followedPlaylists: [followed('This Is Xavi Ro', [], true)] };
      expect(plan(library, thorough)).toHaveLength(1);
      const switches = switchesFor('thorough', { collaborativePlaylists: true });
      expect(plan(library, { blocks, switches })).toEqual([]);
    });
  });
});
