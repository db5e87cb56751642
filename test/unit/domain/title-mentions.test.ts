import fc from 'fast-check';
import { indexNames } from '../../../domain/name-index';
import { nameKey } from '../../../domain/name-keys';
import { findMentions } from '../../../domain/title-mentions';
import { hits, type TitleCase, traps } from './support/titles';

const indexOf = (...names: string[]) => indexNames(names.map((name) => ({ artistId: name, names: [name] })));

test('the table is as large as the claim', () => {
  const titles = new Set([...hits, ...traps].map(([title]) => title));
  expect(titles.size).toBeGreaterThanOrEqual(150);
});

describe.each<[string, TitleCase[]]>([
  ['credits in titles are found', hits],
  ['what only looks like a credit is not', traps],
])('%s', (_story, cases) => {
  test.each(cases)('%s looking for %j', (title, names, found) => {
    const mentions = findMentions(title, indexOf(...names));
    expect(mentions.map(({ text }) => text)).toEqual(found);
    for (const { text, start, end } of mentions) expect(title.slice(start, end)).toBe(text);
  });
});

test('a mention says where, by which sign and in which part', () => {
  const mentions = findMentions(
    'Go (feat. Drake) [Zedd Remix] - prod. by Hit-Boy',
    indexOf('Drake', 'Zedd', 'Hit-Boy'),
  );
  expect(mentions).toEqual([
    { artistId: 'Drake', name: 'Drake', relation: 'guest', sign: 'feat.', text: 'Drake', start: 10, end: 15 },
    { artistId: 'Zedd', name: 'Zedd', relation: 'remixer', sign: 'Remix', text: 'Zedd', start: 18, end: 22 },
    {
      artistId: 'Hit-Boy',
      name: 'Hit-Boy',
      relation: 'producer',
      sign: 'prod. by',
      text: 'Hit-Boy',
      start: 41,
      end: 48,
    },
  ]);
});

test('an alias is found for its artist, and a shared name for everyone who bears it', () => {
  const index = indexNames([
    { artistId: 'one', names: ['Prince', 'The Artist'] },
    { artistId: 'two', names: ['Prince'] },
  ]);
  expect(findMentions('Kiss (feat. The Artist)', index).map(({ artistId }) => artistId)).toEqual(['one']);
  expect(findMentions('Kiss (feat. Prince)', index).map(({ artistId }) => artistId)).toEqual(['one', 'two']);
});

test('a name that is known to be one artist is not taken apart', () => {
  const title = 'Song (feat. Milo & Otis)';
  expect(findMentions(title, indexOf('Milo'))).toHaveLength(1);
  expect(findMentions(title, indexOf('Milo'), new Set([nameKey('Milo & Otis')]))).toEqual([]);
});

test('any guest between brackets is found, at the place where it stands', () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}$/).filter((text) => !/\bof\b/i.test(text));
  fc.assert(
    fc.property(name, fc.constantFrom('feat.', 'ft.', 'featuring', 'with', 'prod. by'), (guest, sign) => {
      const [mention] = findMentions(`Song (${sign} ${guest})`, indexOf(guest));
      expect(mention).toMatchObject({ text: guest, start: 7 + sign.length, artistId: guest });
    }),
  );
});

test('no title, however odd, is misquoted', () => {
  const piece = fc.constantFrom(
    'feat.',
    '(',
    ')',
    ' ',
    'x',
    '&',
    'Drake',
    'with',
    '-',
    ',',
    '嵐',
    'İ',
    'ß',
    '!!!',
    'of',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const title = pieces.join(' ');
      for (const { text, start, end } of findMentions(title, indexOf('Drake', '!!!', '嵐'))) {
        expect(title.slice(start, end)).toBe(text);
      }
    }),
  );
});

test('a thousand names in fifty thousand titles', () => {
  const index = indexOf(...Array.from({ length: 1_000 }, (_, at) => `Guest Number${at}`));
  let found = 0;
  for (let at = 0; at < 50_000; at += 1) {
    found += findMentions(`Song ${at} (feat. Guest Number${at})`, index).length;
  }
  expect(found).toBe(1_000);
});

test('a title of nothing but separators ends', () => {
  expect(findMentions(`a feat. ${', '.repeat(100_000)}`, indexOf('Drake'))).toEqual([]);
  expect(findMentions('('.repeat(100_000), indexOf('Drake'))).toEqual([]);
});
