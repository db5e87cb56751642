import { unstorableTexts } from '../../../api/unstorable-texts';
import { withoutUnstorable } from '../../../domain/storable-text';

it.each<[unknown, string[]]>([
  ['plain', []],
  ['Björk 🎵 日本', []],
  ['a\0b', ['query']],
  ['half \ud83c', ['query']],
  [
    { filter: { playlistId: '\0', query: 'x' }, list: ['a', '\udc00'], n: 1, none: null },
    ['query.filter.playlistId', 'query.list[1]'],
  ],
])('of %j', (value, paths) => {
  expect(unstorableTexts('query', value)).toEqual(
    paths.map((path) => ({ path, code: 'invalid_text', message: expect.any(String) })),
  );
});

it('puts U+FFFD in their place where a text is only looked up', () => {
  expect(withoutUnstorable('a\0b\ud83c 🎵')).toBe('a\ufffdb\ufffd 🎵');
});
