import fc from 'fast-check';
import { placesAfter } from '../../../domain/playlist-preview';

it.each<[number, number[], (number | null)[]]>([
  [0, [], []],
  [3, [], [0, 1, 2]],
  [4, [0, 2], [null, 0, null, 1]],
  [2, [0, 1], [null, null]],
  [2, [7], [0, 1]],
])('%i places of which %j leave', (length, leaving, places) => {
  expect(placesAfter(length, new Set(leaving))).toEqual(places);
});

it('is what taking the places out of a list does', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (leaves) => {
      const leaving = new Set(leaves.flatMap((leave, n) => (leave ? [n] : [])));
      const after = leaves.map((_, n) => n).filter((n) => !leaving.has(n));
      return placesAfter(leaves.length, leaving).every((place, n) => place === null || after[place] === n);
    }),
  );
});
