import { chooseArtists, tallyArtists, type Occurrence } from '../../../dev/demo/choose-artists';

const of = (kind: Occurrence['kind'], ...names: string[]): Occurrence => ({
  kind,
  artists: names.map((name) => ({ id: name, name })),
});

const library: Occurrence[] = [
  ...Array.from({ length: 5 }, () => of('like', 'often')),
  ...Array.from({ length: 3 }, () => of('playlist', 'often', 'guest')),
  of('like', 'other', 'small guest'),
  of('like', 'second', 'guest'),
  of('follow', 'followed'),
  of('album', 'followed'),
  of('like', 'guest of own', 'third'),
  of('like', 'third'),
];

test('one of three is only ever featured, and together they are in every kind of place', () => {
  const chosen = chooseArtists(tallyArtists(library));
  expect(chosen).toHaveLength(3);
  expect(chosen[0]).toMatchObject({ name: 'guest', primary: 0, featured: 4 });
  expect(new Set(chosen.flatMap(({ kinds }) => [...kinds]))).toEqual(new Set(['like', 'album', 'follow', 'playlist']));
});

test('an artist whom the search does not find is passed over', () => {
  const names = chooseArtists(tallyArtists(library), new Set(['guest', 'followed'])).map(({ name }) => name);
  expect(names).toHaveLength(3);
  expect(names[0]).toBe('small guest');
  expect(names).not.toContain('followed');
});

test('an artist credited twice on one track counts once, as primary', () => {
  expect(tallyArtists([of('like', 'a', 'b', 'a')])).toMatchObject([
    { name: 'a', primary: 1, featured: 0 },
    { name: 'b', primary: 0, featured: 1 },
  ]);
});

test('too small a library gives fewer than three', () => {
  expect(chooseArtists(tallyArtists([of('like', 'a', 'b')]))).toHaveLength(2);
});
