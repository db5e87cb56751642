import { blocksByArtist } from '../../../domain/blocks';
import { type BlockDecisions, noOwnExceptions, resolveBlocks } from '../../../domain/effective-blocks';
import type { OffenseStatus } from '../../../domain/offenses';

const now = new Date('2026-11-01T12:00:00Z');
const early = new Date('2026-01-01T00:00:00Z');
const late = new Date('2026-06-01T00:00:00Z');
const artist = (id: string) => ({
  artistId: id,
  artistName: `The ${id}`,
  aliases: [],
});
const own = (id: string, expiresAt: string | null = null, decidedAt = early) => ({
  ...artist(id),
  decidedAt,
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
});
const ownTrack = (trackId: string, decidedAt = early, expiresAt: Date | null = null) => ({
  trackId,
  decidedAt,
  expiresAt,
});
const list = (...ids: string[]) => ({ listId: 'l', version: 2, entries: ids.map((id) => artist(id)) });
const category = (...offenses: [id: string, offenseId: string, status: OffenseStatus][]) => ({
  category: 'violence',
  offenses: offenses.map(([id, offenseId, status]) => ({ ...artist(id), offenseId, status })),
});
const kept = (...ids: string[]) => ({ ...noOwnExceptions, artists: ids.map((id) => keptSince(id, early)) });
const keptSince = (artistId: string, decidedAt: Date) => ({ artistId, decidedAt });

const resolve = (input: Partial<BlockDecisions>) =>
  resolveBlocks({
    ownArtists: [],
    ownTracks: [],
    lists: [],
    categories: [],
    exceptions: noOwnExceptions,
    mergedInto: new Map(),
    now,
    ...input,
  });
/** Each blocked artist with the kinds of its sources, and a question mark where it is contested. */
const summary = (input: Partial<BlockDecisions>) =>
  resolve(input).artists.map(
    ({ artistId, sources, contested }) =>
      `${artistId} ${sources.map(({ kind }) => kind).join('+')}${contested ? '?' : ''}`,
  );

describe('the artists that a person wants out', () => {
  test.each<[string, Partial<BlockDecisions>, string[]]>([
    ['nothing', {}, []],
    ['an own block without end', { ownArtists: [own('x')] }, ['x own']],
    ['an own block with a second to go', { ownArtists: [own('x', '2026-11-01T12:00:01Z')] }, ['x own']],
    ['an own block that expires at this moment', { ownArtists: [own('x', '2026-11-01T12:00:00Z')] }, []],
    ['an own block long past', { ownArtists: [own('x', '2020-01-01T00:00:00Z')] }, []],
    [
      'an expired own block of an artist on a list',
      { ownArtists: [own('x', '2020-01-01T00:00:00Z')], lists: [list('x')] },
      ['x list'],
    ],
    [
      'two sources',
      { lists: [list('x')], categories: [category(['x', 'o', 'sources_verified'])] },
      ['x list+category'],
    ],
    [
      'two sources of which the offense is rejected',
      { lists: [list('x')], categories: [category(['x', 'o', 'rejected'])] },
      ['x list'],
    ],
    [
      'two sources of which the list has dropped the artist',
      { lists: [list('y')], categories: [category(['x', 'o', 'sources_verified'])] },
      ['y list', 'x category'],
    ],
    ['an offense nobody has looked at', { categories: [category(['x', 'o', 'pending'])] }, []],
    ['an offense under appeal', { categories: [category(['x', 'o', 'contested'])] }, ['x category?']],
    [
      'an offense under appeal beside a verified one',
      { categories: [category(['x', 'o', 'contested'], ['x', 'p', 'sources_verified'])] },
      ['x category'],
    ],
    [
      'an offense under appeal beside an own block',
      { ownArtists: [own('x')], categories: [category(['x', 'o', 'contested'])] },
      ['x own'],
    ],
    ['an exception against a list', { lists: [list('x', 'y')], exceptions: kept('x') }, ['y list']],
    [
      'an exception against a category',
      { categories: [category(['x', 'o', 'sources_verified'])], exceptions: kept('x') },
      [],
    ],
    [
      'an exception later than the own block',
      {
        ownArtists: [own('x', null, early)],
        exceptions: { ...noOwnExceptions, artists: [keptSince('x', late)] },
      },
      [],
    ],
    ['an exception of the same moment as the own block', { ownArtists: [own('x')], exceptions: kept('x') }, []],
    [
      'an own block later than the exception, lists counting again',
      { ownArtists: [own('x', null, late)], lists: [list('x')], exceptions: kept('x') },
      ['x own+list'],
    ],
    [
      'a later own block that has expired, against an exception',
      { ownArtists: [own('x', '2026-10-01T00:00:00Z', late)], lists: [list('x')], exceptions: kept('x') },
      [],
    ],
    [
      'a list that names the artist by an id from before two merges',
      { lists: [list('x')], mergedInto: new Map(Object.entries({ x: 'y', y: 'z' })) },
      ['z list'],
    ],
    [
      'an exception for the id from before a merge',
      { lists: [list('z')], exceptions: kept('x'), mergedInto: new Map([['x', 'z']]) },
      [],
    ],
    [
      'an old and a new id of one artist',
      { ownArtists: [own('x')], lists: [list('z')], mergedInto: new Map([['x', 'z']]) },
      ['z own+list'],
    ],
    ['merges in a circle', { lists: [list('x')], mergedInto: new Map(Object.entries({ x: 'y', y: 'x' })) }, ['x list']],
  ])('%s', (_story, input, expected) => {
    expect(summary(input)).toEqual(expected);
  });

  test('one artist blocked from everywhere is one block that names every source', () => {
    const { artists } = resolve({
      ownArtists: [own('x')],
      lists: [
        { listId: 'l1', version: 3, entries: [artist('x'), artist('y')] },
        { listId: 'l2', version: 1, entries: [{ ...artist('x'), artistName: 'Ex', aliases: ['X!'] }] },
      ],
      categories: [category(['x', 'o1', 'sources_verified'], ['x', 'o2', 'sources_verified'])],
    });
    expect(blocksByArtist(artists).get('x')).toEqual({
      artistId: 'x',
      artistName: 'The x',
      aliases: ['Ex', 'X!'],
      sources: [
        { kind: 'own' },
        { kind: 'list', listId: 'l1', version: 3 },
        { kind: 'list', listId: 'l2', version: 1 },
        { kind: 'category', category: 'violence', offenseIds: ['o1', 'o2'] },
      ],
      contested: false,
    });
  });

  test('a circle of merges is one artist, whichever id is named', () => {
    const mergedInto = new Map(Object.entries({ x: 'y', y: 'x' }));
    expect(resolve({ lists: [list('x', 'y')], mergedInto }).artists).toHaveLength(1);
  });
});

describe('single songs and albums', () => {
  const trackException = (decidedAt: Date) => ({ ...noOwnExceptions, tracks: [{ trackId: 't', decidedAt }] });

  test.each<[string, Partial<BlockDecisions>, string[], string[]]>([
    ['a blocked song', { ownTracks: [ownTrack('t')] }, ['t'], []],
    ['a blocked song until now', { ownTracks: [ownTrack('t', early, now)] }, [], []],
    ['a blocked song of an excepted artist', { ownTracks: [ownTrack('t')], exceptions: kept('x') }, ['t'], []],
    ['a kept song', { exceptions: trackException(early) }, [], ['t']],
    [
      'a kept song of an artist blocked later',
      { ownArtists: [own('x', null, late)], exceptions: trackException(early) },
      [],
      ['t'],
    ],
    ['a song blocked, then kept', { ownTracks: [ownTrack('t', early)], exceptions: trackException(late) }, [], ['t']],
    ['a song kept, then blocked', { ownTracks: [ownTrack('t', late)], exceptions: trackException(early) }, ['t'], []],
    ['a song kept and blocked at once', { ownTracks: [ownTrack('t')], exceptions: trackException(early) }, [], ['t']],
  ])('%s', (_story, input, blocked, stays) => {
    const { tracks, exceptions } = resolve(input);
    expect(tracks.map(({ trackId }) => trackId)).toEqual(blocked);
    expect([...exceptions.trackIds]).toEqual(stays);
  });

  test('a kept album stays though its artist is blocked', () => {
    const exceptions = { ...noOwnExceptions, albums: [{ albumId: 'a', decidedAt: early }] };
    const { artists, exceptions: still } = resolve({ ownArtists: [own('x', null, late)], exceptions });
    expect([artists.length, [...still.albumIds]]).toEqual([1, ['a']]);
  });
});
