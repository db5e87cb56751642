import { indexNames } from '../../../domain/name-index';
import { nameKey } from '../../../domain/name-keys';
import { findNames, keysAround } from '../../../domain/names-in-titles';

const names: Readonly<Record<string, string[]>> = {
  drake: ['Drake'],
  kendrick: ['Kendrick'],
  weeknd: ['The Weeknd', 'Abel Tesfaye'],
  acdc: ['AC/DC'],
  jayz: ['Jay-Z'],
  jay: ['Jay'],
  kesha: ['Ke$ha'],
  asap: ['A$AP Rocky'],
  earth: ['Earth'],
  simon: ['Simon'],
  beyonce: ['Beyoncé'],
  yoasobi: ['YOASOBI'],
  jay_chou: ['周杰倫'],
  kino: ['Кино'],
  will: ['will.i.am'],
  dave: ['Dave', 'Santan Dave'],
  x: ['X'],
  air: ['Air'],
  live: ['Live'],
  signs: ['!!!'],
};
const index = indexNames(Object.entries(names).map(([artistId, all]) => ({ artistId, names: all })));
const found = (title: string, ...known: string[]) =>
  findNames(title, index, new Set(known.map(nameKey))).map(({ artistId, text }) => `${artistId}: ${text}`);

test.each([
  ['This Is Drake', 'drake: Drake'],
  ['Drake Radio', 'drake: Drake'],
  ['Best of DRAKE (2010–2020)', 'drake: DRAKE'],
  ['Drake', 'drake: Drake'],
  ['drake/party mix', 'drake: drake'],
  ["Drake's best", 'drake: Drake'],
  ['Hits: "Drake"', 'drake: Drake'],
  ['#drake🔥', 'drake: drake'],
  ['This Is The Weeknd', 'weeknd: The Weeknd'],
  ['abel  tesfaye essentials', 'weeknd: abel  tesfaye'],
  ['100% AC/DC', 'acdc: AC/DC'],
  ['Jay-Z Essentials', 'jayz: Jay-Z'],
  ['Ke$ha Mix', 'kesha: Ke$ha'],
  ['A$AP Rocky Radio', 'asap: A$AP Rocky'],
  ['beyonce forever', 'beyonce: beyonce'],
  ['はじめてのYOASOBI', 'yoasobi: YOASOBI'],
  ['周杰倫 精選', 'jay_chou: 周杰倫'],
  ['Лучшее: КИНО', 'kino: КИНО'],
  ['This Is will.i.am', 'will: will.i.am'],
  ['Santan Dave & friends', 'dave: Santan Dave'],
])('%s names somebody', (title, hit) => {
  expect(found(title)).toEqual([hit]);
});

test.each([
  'Sheldrake Sessions',
  'Drakes of the north',
  'Sir Francis-Drake',
  'This Is X',
  'Generation X Radio',
  'Air Radio',
  'Live Hits',
  'This Is Earth, Wind & Fire',
  'Simon & Garfunkel Radio',
  'Jay-Zed',
  'Weeknd vibes',
  'Chill !!!',
  '周杰倫精選',
  '',
  '   ',
])('%s names nobody', (title) => {
  expect(found(title)).toEqual([]);
});

test('a name within a longer one that somebody bears means them', () => {
  expect(keysAround('Kendrick Lamar Radio', index)).toContain('kendrick lamar');
  expect(found('Kendrick Lamar Radio', 'Kendrick Lamar')).toEqual([]);
  expect(found('Kendrick Lamar Radio')).toEqual(['kendrick: Kendrick']);
  expect(found('Kendrick Lamar & Drake', 'Kendrick Lamar')).toEqual(['drake: Drake']);
  expect(keysAround('Nobody Radio', index)).toEqual([]);
});

test('the longest name counts, each artist once, namesakes all, with the place in the title', () => {
  const namesakes = indexNames([
    { artistId: 'one', names: ['Drake'] },
    { artistId: 'two', names: ['Drake', 'Drake Bell'] },
  ]);
  expect(findNames('Drake, Drake & Drake', namesakes).map(({ artistId }) => artistId)).toEqual(['one', 'two']);
  expect(findNames('All of Drake Bell', namesakes)).toEqual([
    { artistId: 'two', name: 'Drake Bell', text: 'Drake Bell', start: 7, end: 17 },
  ]);
});

test('a title of any length is read in no time', () => {
  expect(findNames('Drake '.repeat(50_000), index)).toHaveLength(1);
  expect(findNames('-'.repeat(300_000), index)).toEqual([]);
});
