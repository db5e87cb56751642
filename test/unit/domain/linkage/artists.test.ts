import { homonyms, variants } from '../../../../bench/linkage/artist-names';
import { type ArtistFacts, artistProfileOf, titleCore } from '../../../../domain/linkage/artist';
import { matchArtists } from '../../../../domain/linkage/artists';

const match = (one: Partial<ArtistFacts>, other: Partial<ArtistFacts>) => {
  const profile = (facts: Partial<ArtistFacts>) =>
    artistProfileOf({ names: [], providerIds: {}, isrcs: [], titles: [], albums: [], genres: [], ...facts });
  return matchArtists(profile(one), profile(other));
};
const isrcs = ['GBAYE0601498'];

test('there are sixty names and more of each kind', () => {
  expect(new Set(homonyms).size).toBeGreaterThanOrEqual(60);
  expect(variants.length).toBeGreaterThanOrEqual(60);
});

describe.each(homonyms)('two artists called %s', (name) => {
  test('are asked about where nothing but the name is known', () => {
    expect(match({ names: [name] }, { names: [name] }).band).toBe('review');
  });

  test('are kept apart by other albums, other genres, or two ids at one provider', () => {
    expect(match({ names: [name], genres: ['grunge'] }, { names: [name], genres: ['pop'] }).band).toBe('new');
    expect(match({ names: [name], albums: ['a', 'b'] }, { names: [name], albums: ['c', 'd'] }).band).toBe('new');
    expect(
      match({ names: [name], providerIds: { spotify: ['1'] } }, { names: [name], providerIds: { spotify: ['2'] } })
        .band,
    ).toBe('new');
  });

  test('are joined by a recording of both', () => {
    expect(match({ names: [name], isrcs }, { names: [name], isrcs: ['gb-aye-06-01498'] }).band).toBe('accept');
  });
});

test.each(variants)(
  '%s and %s are one where they have a recording in common, and never by the name alone',
  (one, other) => {
    expect(match({ names: [one] }, { names: [other] }).band).not.toBe('accept');
    expect(match({ names: [one], isrcs }, { names: [other], isrcs }).band).toBe('accept');
  },
);

test('an alias is a name', () => {
  const asked = match({ names: ['坂本龍一', 'Ryuichi Sakamoto'] }, { names: ['Ryuichi Sakamoto'] });
  expect(asked.band).toBe('review');
});

test('the evidence says what joined them', () => {
  const { evidence } = match({ names: ['Air'], albums: ['Moon Safari'] }, { names: ['Air'], albums: ['Moon Safari'] });
  expect(evidence.map(({ subject }) => subject).sort()).toEqual(['albums', 'name']);
});

test.each([
  ['Song (feat. Somebody)', 'Song'],
  ['Song - Remastered 2011', 'Song'],
  ['Song ft. Somebody', 'Song'],
  ['Song [Live] (Edit)', 'Song'],
  ['(Untitled)', '(Untitled)'],
])('the core of "%s" is "%s"', (title, core) => {
  expect(titleCore(title)).toBe(core);
});
