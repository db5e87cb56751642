import { cosine } from '../../../../domain/linkage/vectors';
import { genreCounts } from '../../../../domain/style/genre-counts';
import { genreKey } from '../../../../domain/style/genre-key';
import { relatedGenres } from '../../../../domain/style/related-genres';
import { descriptorsOf, styleVector } from '../../../../domain/style/style-vector';
import { neededWords, wordPlaces } from '../../../../domain/style/word-places';

const counts = genreCounts({
  artists: 200,
  genres: [
    ['hip hop', 60],
    ['Hip-Hop', 10],
    ['trap', 30],
    ['alternative hip hop', 10],
    ['death metal', 40],
    ['grindcore', 20],
    ['opera', 20],
    [' ', 3],
  ],
  pairs: [
    ['hip hop', 'trap', 25],
    ['Hip-Hop', 'trap', 2],
    ['hip hop', 'Hip-Hop', 5],
    ['death metal', 'grindcore', 15],
    ['trap', 'opera', 1],
  ],
});
const style = (...genres: string[]) => styleVector({ genres, disambiguation: null }, relatedGenres(counts), counts);

test.each([
  ['Hip-Hop', 'hip hop'],
  ['R&B', 'r&b'],
  ['Forró', 'forro'],
  ['!!!', '!!!'],
  ['  ', ''],
])('%j is %j', (genre, key) => expect(genreKey(genre)).toBe(key));

test('spellings of one genre are counted together, and not beside themselves', () => {
  expect(counts.genres.get('hip hop')).toBe(70);
  expect(counts.beside.get('hip hop')).toEqual(new Map([['trap', 27]]));
  expect(counts.genres.has('')).toBe(false);
});

test('genres that stand together on artists are near without a word in common, and so are those that share words', () => {
  expect(cosine(style('trap'), style('hip hop'))).toBeGreaterThan(0.4);
  expect(cosine(style('grindcore'), style('death metal'))).toBeGreaterThan(0.4);
  expect(cosine(style('alternative hip hop'), style('hip hop'))).toBeGreaterThan(0.25);
  expect(cosine(style('Hip Hop'), style('hip-hop'))).toBeCloseTo(1, 5);
});

test('genres that have nothing in common are not, nor those that met once by chance', () => {
  for (const [one, other] of [
    ['trap', 'death metal'],
    ['opera', 'hip hop'],
    ['trap', 'opera'],
    ['never heard of', 'opera'],
  ] as const)
    expect(Math.abs(cosine(style(one), style(other)))).toBeLessThan(0.25);
});

test('a rare genre says more of an artist than a common one', () => {
  const both = style('hip hop', 'opera');
  expect(cosine(both, style('opera'))).toBeGreaterThan(cosine(both, style('hip hop')));
});

test('genres that a disambiguation names count too, the longest one, and only those of the catalog', () => {
  const found = descriptorsOf({ genres: ['trap'], disambiguation: 'US alternative hip hop and trap duo' }, counts);
  expect([...found]).toEqual([
    ['alternative hip hop', 0.5],
    ['trap', 1],
  ]);
});

test('of nothing there is no vector', () => {
  expect(style()).toBeNull();
  expect(style(' ')).toBeNull();
});

test('places by word vectors: the whole genre, else its words, else a place far from all', () => {
  const vector = (...numbers: number[]) => Float32Array.from(numbers);
  const places = wordPlaces(
    3,
    new Map([
      ['hip_hop', vector(0, 0, 2)],
      ['death', vector(2, 0, 0)],
      ['metal', vector(0, 3, 0)],
    ]),
  );
  expect(places.placeOf('hip hop')).toEqual(vector(0, 0, 1));
  expect(Array.from(places.placeOf('death metal') ?? [])).toEqual([
    expect.closeTo(Math.SQRT1_2, 5),
    expect.closeTo(Math.SQRT1_2, 5),
    0,
  ]);
  expect(places.placeOf('shoegaze')).toHaveLength(3);
  expect(places.placeOf('')).toBeNull();
  expect(neededWords(['hip hop'])).toEqual(new Set(['hip_hop', 'hip', 'hop']));
});
