import { parseArtistCredit } from '../../../domain/artist-credit';
import type { EffectiveBlock } from '../../../domain/blocks';
import {
  blockedNames,
  matchAlbum,
  matchArtist,
  matchBlockedTrack,
  matchCreditedNames,
  matchCredits,
  matchTitle,
  matchTrack,
  presets,
  switchesFor,
} from '../../../domain/matching';
import { creditedArtist, ownBlock, track } from './support/library';

const blocks = new Map(['x', 'y'].map((id) => [id, ownBlock(id)]));
const standard = switchesFor('standard');
const light = switchesFor('light');

describe('presets', () => {
  test('go from the first artist only to everything', () => {
    expect(presets.map((preset) => switchesFor(preset).featured)).toEqual([false, true, true]);
    expect(presets.map((preset) => switchesFor(preset).wholeAlbums)).toEqual([false, false, true]);
    expect(presets.some((preset) => switchesFor(preset).collaborativePlaylists)).toBe(false);
  });

  test('yield to the single switches a person sets', () => {
    const switches = switchesFor('light', { featured: true, likedTracks: false, savedAlbums: undefined });
    expect(switches).toMatchObject({ primary: true, featured: true, likedTracks: false, savedAlbums: true });
  });
});

describe('matching a track', () => {
  test.each([
    ['the first artist', ['x', 'a'], ['a'], standard, [['x', 'primary']]],
    ['another credited artist', ['a', 'x'], ['a'], standard, [['x', 'featured']]],
    ['another credited artist, on light', ['a', 'x'], ['a'], light, []],
    ['a later artist whose album it is', ['a', 'x'], ['x'], light, [['x', 'primary']]],
    ['an album artist not credited on the track', ['a'], ['x'], light, [['x', 'primary']]],
    [
      'two blocked artists',
      ['y', 'x'],
      [],
      standard,
      [
        ['y', 'primary'],
        ['x', 'featured'],
      ],
    ],
    ['an artist credited twice', ['x', 'x'], ['x'], standard, [['x', 'primary']]],
    ['nobody who is blocked', ['a', 'b'], ['c'], standard, []],
    ['nobody at all', [], [], standard, []],
    [
      'featured artists only, by switches',
      ['x', 'y'],
      [],
      switchesFor('light', { primary: false, featured: true }),
      [['y', 'featured']],
    ],
  ])('by %s', (_story, artists, albumArtistIds, switches, expected) => {
    const matches = matchTrack(track('t', { artists, albumArtistIds }), blocks, switches);
    expect(matches.map(({ artistId, role }) => [artistId, role])).toEqual(expected);
  });

  test('never by the name alone', () => {
    const namesake = track('t', { artists: ['other'] });
    namesake.artists = [{ id: 'other', providerId: 'other-at-provider', name: ownBlock('x').artistName }];
    expect(matchTrack(namesake, blocks, standard)).toEqual([]);
  });

  test('says what it rests on', () => {
    const [credited] = matchTrack(track('t', { artists: ['x'] }), blocks, standard);
    expect(credited?.evidence).toEqual({ kind: 'provider_id', detail: 'x-at-provider' });
    const [albumArtist] = matchTrack(track('t', { albumArtistIds: ['x'], albumId: 'album' }), blocks, standard);
    expect(albumArtist?.evidence).toEqual({ kind: 'album_artist', detail: 'album' });
  });

  test('names the firmest source first and carries all', () => {
    const sources: EffectiveBlock['sources'] = [
      { kind: 'category', category: 'violence', offenseIds: ['o'] },
      { kind: 'list', listId: 'l', version: 2 },
    ];
    const [match] = matchTrack(
      track('t', { artists: ['x'] }),
      new Map([['x', { ...ownBlock('x'), sources }]]),
      standard,
    );
    expect(match).toMatchObject({ source: 'list', sources, needsReview: false });
  });

  test('on a contested offense only with the person’s review', () => {
    const contested = new Map([['x', { ...ownBlock('x'), contested: true }]]);
    expect(matchTrack(track('t', { artists: ['x'] }), contested, standard)[0]?.needsReview).toBe(true);
  });
});

test('each artist of an album is a primary one, once', () => {
  const album = { artists: ['a', 'x', 'y', 'x'].map(creditedArtist) };
  expect(matchAlbum(album, blocks, light).map(({ artistId, role }) => [artistId, role])).toEqual([
    ['x', 'primary'],
    ['y', 'primary'],
  ]);
  expect(matchAlbum(album, blocks, { primary: false })).toEqual([]);
});

test('a followed artist matches by id', () => {
  expect(matchArtist(creditedArtist('x'), blocks)).toMatchObject([{ artistId: 'x', role: 'primary', source: 'own' }]);
  expect(matchArtist(creditedArtist('a'), blocks)).toEqual([]);
});

test('a track blocked as such matches in the name of its first artist', () => {
  expect(matchBlockedTrack(track('t', { artists: ['a', 'b'] }))).toMatchObject({
    artistId: 'a',
    evidence: { kind: 'blocked_track', detail: 't' },
    source: 'own',
  });
});

describe('names without ids', () => {
  const names = blockedNames(blocks.values());
  const thorough = switchesFor('thorough');
  const titled = (name: string, ...artists: string[]) => ({ ...track('t', { artists }), name });

  test('in a title are mentions for review, with the piece of the title', () => {
    expect(matchTitle(titled('Song (feat. The x)', 'a'), blocks, names, thorough)).toMatchObject([
      {
        artistId: 'x',
        role: 'mention',
        needsReview: true,
        evidence: {
          kind: 'title',
          detail: 'Song (feat. The x)',
          found: { text: 'The x', start: 12, end: 17, sign: 'feat.', relation: 'guest' },
        },
      },
    ]);
    expect(matchTitle(titled('Song (feat. The x)', 'a'), blocks, names, standard)).toEqual([]);
  });

  test('mean the credited artist who bears them, namesake of a blocked one or not', () => {
    const namesake = titled('Song (feat. The x)', 'a', 'other');
    namesake.artists[1] = { id: 'other', providerId: 'other-at-provider', name: 'The X' };
    expect(matchTitle(namesake, blocks, names, thorough)).toEqual([]);
  });

  test('of an alias count as the artist’s', () => {
    const known = new Map([['x', { ...ownBlock('x'), aliases: ['Mister Ex'] }]]);
    const found = matchTitle(titled('Song (with Mister Ex)', 'a'), known, blockedNames(known.values()), thorough);
    expect(found).toMatchObject([{ artistId: 'x', artistName: 'The x' }]);
  });

  test('of writers and producers are for review, by id as by name', () => {
    const credit = (artistId: string | null, name: string) =>
      ({ artistId, name, role: 'writer', importName: 'MusicBrainz' }) as const;
    const found = matchCredits(
      [credit('x', 'Somebody'), credit(null, 'The Y'), credit(null, 'The x'), credit('other', 'The y')],
      blocks,
      names,
      thorough,
    );
    expect(found.map(({ artistId, role, needsReview }) => [artistId, role, needsReview])).toEqual([
      ['x', 'credit', true],
      ['y', 'credit', true],
    ]);
    expect(found[0]?.evidence).toEqual({ kind: 'import', detail: 'MusicBrainz' });
    expect(matchCredits([credit('x', 'The x')], blocks, names, standard)).toEqual([]);
  });

  test('in a credit in words are never more than for review', () => {
    const text = 'The A & The X feat. The y';
    const credited = parseArtistCredit(text, (key) => names.byKey.has(key));
    const found = matchCreditedNames(text, credited, blocks, names, standard);
    expect(found.map(({ artistId, role, needsReview }) => [artistId, role, needsReview])).toEqual([
      ['x', 'featured', true],
      ['y', 'featured', true],
    ]);
    expect(found[0]?.evidence).toEqual({ kind: 'name', detail: text, found: { text: 'The X', start: 8, end: 13 } });
    expect(matchCreditedNames(text, credited, blocks, names, light)).toEqual([]);
  });
});
