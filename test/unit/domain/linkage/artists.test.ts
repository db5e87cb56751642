import { bandOfTwo, judgementsOf, judgeNamesakes, judgeSpellings } from '../../../../bench/linkage/artist-judgements';
import { homonyms, soundalikes, variants } from '../../../../bench/linkage/artist-names';
import { namesakes, spellings } from '../../../../bench/linkage/held-out-artists';
import { type ArtistFacts, artistProfileOf, titleCore } from '../../../../domain/linkage/artist';
import { matchArtists } from '../../../../domain/linkage/artists';
import { isPlainTitle } from '../../../../domain/linkage/plain-titles';

const profile = (facts: Partial<ArtistFacts>) =>
  artistProfileOf({ names: [], providerIds: {}, isrcs: [], titles: [], albums: [], genres: [], ...facts });
const isrcs = ['GBAYE0601498'];

test('there are sixty of each kind and more, and no weight was fitted to any of them', () => {
  expect(new Set(namesakes.map(({ names }) => names[0])).size).toBeGreaterThanOrEqual(60);
  expect(new Set(spellings.map((pair) => pair.join(' ')).values()).size).toBeGreaterThanOrEqual(60);
  const keysOf = (names: readonly string[]) => profile({ names }).names.concat(profile({ names }).latin);
  const fitted = new Set(keysOf([...homonyms, ...soundalikes.flat(), ...variants.flat()]));
  const heldOut = keysOf([...namesakes.flatMap(({ names }) => [...names]), ...spellings.flat()]);
  expect(heldOut.filter((key) => fitted.has(key))).toEqual([]);
});

describe.each(namesakes.map((pair) => [pair.names.join(' and '), pair] as const))(
  'two artists called %s',
  (_, pair) => {
    const [one, other] = pair.names;

    test('are not taken for one, whatever is known of them; where nothing is, somebody is asked', () => {
      const bands = judgementsOf(pair);
      expect(bands).not.toContain('accept');
      expect(bands.at(-1)).toBe('review');
    });

    test('are kept apart by two ids at one provider', () => {
      const [here, there] = [{ spotify: ['1'] }, { spotify: ['2'] }];
      expect(bandOfTwo({ names: [one], providerIds: here }, { names: [one], providerIds: there })).toBe('new');
    });

    test('are joined by a recording of both', () => {
      expect(bandOfTwo({ names: [one], isrcs }, { names: [other], isrcs: ['gb-aye-06-01498'] })).toBe('accept');
    });
  },
);

test('most namesakes are told apart unasked by what is known of them, and each is known again by an album', () => {
  const { accepted, apart, rejoined } = judgeNamesakes();
  expect(accepted).toEqual([]);
  expect(apart / namesakes.length).toBeGreaterThan(0.95);
  expect(rejoined).toBeGreaterThan(0.95);
});

test('spellings are joined by a recording, never by the name alone; those that neither look nor sound alike need an alias', () => {
  const { acceptedByName, apart } = judgeSpellings();
  expect(acceptedByName).toBe(0);
  expect(apart).toEqual([
    'Сергей Рахманинов / Sergei Rachmaninoff',
    'Пётр Ильич Чайковский / Pyotr Ilyich Tchaikovsky',
    'Γιώργος Νταλάρας / George Dalaras',
    'ゴールデンボンバー / Golden Bomber',
    '坂本龍一 / Ryuichi Sakamoto',
  ]);
});

test('one title in common is too little where names are equal, and where they only sound so', () => {
  const titles = ['Intro', 'One', 'Two'];
  for (const [one, other] of [
    ['Кино', 'Kino'],
    ['Air', 'Air'],
    ['John Williams', 'John Williams'],
  ] as const)
    expect(bandOfTwo({ names: [one], titles }, { names: [other], titles: ['Intro', 'Three'] })).toBe('review');
});

test('a name that is equal is never less sure than one that is nearly so, and it is as sure seen from either side', () => {
  const score = (one: string, other: string) =>
    matchArtists(profile({ names: [one], isrcs }), profile({ names: [other], isrcs })).score;
  for (const [name, slip] of [
    ['Nirvana', 'Nirvanna'],
    ['Wolfgang Amadeus Mozart', 'Wolfgang Amadeus Mozar'],
    ['Björk', 'Bjorck'],
  ] as const) {
    expect(score(name, name)).toBeGreaterThan(score(name, slip));
    expect(score(slip, name)).toBe(score(name, slip));
  }
});

test('an alias is a name', () => {
  expect(bandOfTwo({ names: ['坂本龍一', 'Ryuichi Sakamoto'] }, { names: ['Ryuichi Sakamoto'] })).toBe('review');
});

test('the evidence says what joined them', () => {
  const air = profile({ names: ['Air'], albums: ['Moon Safari'] });
  expect(
    matchArtists(air, air)
      .evidence.map(({ subject }) => subject)
      .sort(),
  ).toEqual(['albums', 'name']);
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

test.each([
  ['asia', true],
  ['greatest hits', true],
  ['the very best of asia', true],
  ['live in tokyo', true],
  ['home', true],
  ['alpha centauri', false],
  ['in the realm of asia', false],
])('whether the title "%s" says nothing of whose it is: %s', (title, plain) => {
  expect(isPlainTitle(title, ['asia'])).toBe(plain);
});
