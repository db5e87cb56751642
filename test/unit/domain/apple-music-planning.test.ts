import type { AppleMusicItem, AppleMusicLibrary } from '../../../domain/apple-music-library';
import { planAppleMusicItems, type AppleMusicPlanInput } from '../../../domain/apple-music-planning';
import { appleMusicAddress, parseAppleMusicUri } from '../../../domain/apple-music-uri';
import { itemAddress } from '../../../domain/item-address';
import { switchesFor } from '../../../domain/matching';
import { album, byUri, creditedArtist, ownBlock, track } from './support/library';

const item = (uri: string, artistName: string, name = 'A Song'): AppleMusicItem => ({
  uri: `apple-music:song:${uri}`,
  name,
  artistName,
  albumName: null,
});
const nothing: AppleMusicLibrary = { songs: [], albums: [], artistNames: [], playlists: [] };

function plan(library: Partial<AppleMusicLibrary>, about: Partial<AppleMusicPlanInput> = {}) {
  return planAppleMusicItems({
    library: { ...nothing, ...library },
    blocks: [ownBlock('quent')],
    blockedTrackIds: new Set(),
    exceptions: { trackIds: new Set(), albumIds: new Set() },
    creditsByTrack: new Map(),
    switches: switchesFor('standard'),
    tracksByUri: new Map(),
    albumsByUri: new Map(),
    identifiedArtistIds: new Set(['quent']),
    artistNames: library.artistNames ?? [],
    ...about,
  });
}
/** In short: what is found and by what, `!` where it is for review, and `+` where a run would do it. */
const inShort = (items: ReturnType<typeof plan>) =>
  items.map(
    ({ itemType, matches, needsReview, included }) =>
      `${itemType} ${matches.map(({ role, evidence }) => `${role} by ${evidence.kind}`).join(', ')}${needsReview ? ' !' : ''}${included ? ' +' : ''}`,
  );

const known = byUri([
  track('1', { uri: 'apple-music:song:1', artists: ['quent'], albumId: 'a1', albumArtistIds: ['quent'] }),
  track('2', { uri: 'apple-music:song:2', artists: ['other', 'quent'], albumId: 'a2', albumArtistIds: ['other'] }),
  track('3', { uri: 'apple-music:song:3', artists: ['other'], albumId: 'a2', albumArtistIds: ['other'] }),
]);

describe('what a plan at Apple Music finds', () => {
  test.each<[string, AppleMusicItem, Parameters<typeof plan>[1], string[]]>([
    ['the artist by id', item('1', 'The quent'), {}, ['rated_song primary by provider_id +']],
    ['one of two main artists by id', item('2', 'The other & The quent'), {}, ['rated_song featured by provider_id +']],
    ['nobody', item('3', 'The other'), {}, []],
    ['an upload, by its credit', item('i.up', 'The quent'), {}, ['rated_song primary by name !']],
    ['an upload, by its guest', item('i.up', 'Choir feat. The quent'), {}, ['rated_song featured by name !']],
    [
      'no guest where guests are not looked for',
      item('i.up', 'Choir feat. The quent'),
      { switches: switchesFor('light') },
      [],
    ],
    ['a name inside a name, which is none', item('i.up', 'The quentin'), {}, []],
    [
      'a whole name of the library’s that holds the name',
      item('i.up', 'Band & The quent'),
      { artistNames: ['Band & The quent'] },
      [],
    ],
    ['a title’s guest, not by the standard preset', item('3', 'The other', 'Tune (feat. The quent)'), {}, []],
    [
      'a credit’s guest whom the ids leave out',
      item('3', 'The other feat. The quent'),
      {},
      ['rated_song featured by name !'],
    ],
  ])('%s', (_story, song, about, found) => {
    expect(inShort(plan({ songs: [song] }, { tracksByUri: known, ...about }))).toEqual(found);
  });

  test('a title’s guest by the thorough preset, for review', () => {
    const about = { switches: switchesFor('thorough') };
    const songs = [item('i.up', 'Choir', 'Tune (feat. The quent)')];
    expect(inShort(plan({ songs }, about))).toEqual(['rated_song mention by title !']);
  });

  test('a namesake with an id of their own is left alone where the blocked artist has one too, else shown for review', () => {
    const namesake = { ...creditedArtist('namesake'), name: 'The quent' };
    const tracksByUri = byUri([{ ...track('9', { uri: 'apple-music:song:9' }), artists: [namesake] }]);
    const songs = [item('9', 'The quent')];
    expect(plan({ songs }, { tracksByUri })).toEqual([]);
    expect(inShort(plan({ songs }, { tracksByUri, identifiedArtistIds: new Set() }))).toEqual([
      'rated_song primary by name !',
    ]);
  });

  test('what is kept stays: a song, and whatever is on a kept album', () => {
    const songs = [item('1', 'The quent'), item('2', 'The other & The quent')];
    const exceptions = { trackIds: new Set(['2']), albumIds: new Set(['a1']) };
    expect(plan({ songs }, { tracksByUri: known, exceptions })).toEqual([]);
  });

  test('albums by their artists, and whole ones where asked for', () => {
    const uri = (id: string) => `apple-music:album:${id}`;
    const albumsByUri = byUri([
      { ...album('a1', 'quent'), uri: uri('a1') },
      { ...album('a2', 'other'), uri: uri('a2') },
    ]);
    const albums = ['a1', 'a2', 'l.own'].map((id) => ({
      uri: uri(id),
      name: id,
      artistName: id === 'l.own' ? 'The quent' : '',
      albumName: id,
    }));
    const library = { albums, songs: [item('2', '')] };
    const about = { tracksByUri: known, albumsByUri };
    const only = { likedTracks: false };
    expect(inShort(plan(library, { ...about, switches: switchesFor('standard', only) }))).toEqual([
      'rated_album primary by provider_id +',
      'rated_album primary by name !',
    ]);
    expect(inShort(plan(library, { ...about, switches: switchesFor('thorough', only) }))[1]).toBe(
      'rated_album featured by album_track +',
    );
  });

  test('playlists are for the person’s hand alone, and one that nobody can change is left out', () => {
    const items = [item('1', 'The quent'), item('3', 'The other'), item('1', 'The quent'), item('i.up', 'The quent')];
    const playlists = [
      { providerId: 'p.mine', name: 'Mine', editable: true, items },
      { providerId: 'p.theirs', name: 'Theirs', editable: false, items },
    ];
    const found = plan({ playlists }, { tracksByUri: known });
    expect(inShort(found)).toEqual([
      'manual primary by provider_id',
      'manual primary by name !',
      'playlist_copy primary by provider_id',
    ]);
    expect(found[0]).toMatchObject({
      playlistProviderId: 'p.mine',
      positions: [0, 2],
      action: 'none',
      notEnforceable: 'by_hand',
      losses: [],
    });
    expect(found[2]).toMatchObject({ action: 'copy_playlist', losses: ['not_restorable'], included: false });
    const byName = playlists.map((playlist) => ({ ...playlist, items: items.slice(3) }));
    expect(inShort(plan({ playlists: byName }, { tracksByUri: known }))).toEqual(['manual primary by name !']);
  });
});

test.each([
  ['apple-music:song:1440833098', 'de', 'track', 'https://music.apple.com/de/song/1440833098'],
  ['apple-music:album:1440833081', null, 'album', 'https://music.apple.com/us/album/1440833081'],
  ['apple-music:song:i.uUZAkT3', 'de', 'track', null],
  ['apple-music:playlist:p.eoGxB', 'de', 'playlist', 'https://music.apple.com/library/playlist/p.eoGxB'],
  ['spotify:track:4uLU6hMCjMI75M1A2tKUQC', null, 'track', 'https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC'],
])('%s has a kind and, unless it is an upload, a page', (uri, storefront, kind, url) => {
  expect(itemAddress(uri, storefront)).toEqual({ kind, url });
});

test('what is no URI of Apple Music is none', () => {
  for (const uri of ['apple-music:song:', 'apple-music:station:1', 'apple-music:song:1/2', 'spotify:track:1'])
    expect(parseAppleMusicUri(uri)).toBeNull();
  expect(appleMusicAddress({ kind: 'album', id: 'l.1', inLibrary: true }, 'de')).toBeNull();
});
