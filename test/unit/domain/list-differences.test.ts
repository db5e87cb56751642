import fc from 'fast-check';
import { differencesOf } from '../../../domain/list-differences';
import { type ListedArtist, withProposal } from '../../../domain/list-proposals';

const entries = fc.uniqueArray(
  fc.record({ artistId: fc.constantFrom(...'abcdefgh'), reason: fc.constantFrom(null, 'so', 'else') }),
  { selector: ({ artistId }) => artistId },
);
const sorted = (list: readonly ListedArtist[]) => [...list].sort((a, b) => (a.artistId < b.artistId ? -1 : 1));

test('what makes one version another makes it of that one', () => {
  fc.assert(
    fc.property(entries, entries, (before, after) => {
      const differences = differencesOf(before, after);
      const gone = new Set(differences.filter(({ change }) => change !== 'added').map(({ artistId }) => artistId));
      const come = differences.filter(({ change }) => change !== 'removed');
      const made = [
        ...before.filter(({ artistId }) => !gone.has(artistId)),
        ...come.map(({ artistId, reason }) => ({ artistId, reason })),
      ];
      expect(sorted(made)).toEqual(sorted(after));
      expect(new Set(differences.map(({ artistId }) => artistId)).size).toBe(differences.length);
    }),
  );
  expect(differencesOf([], [])).toEqual([]);
});

test('a version differs from itself in nothing, also where two of its entries became one artist', () => {
  const twice = [
    { artistId: 'a', reason: 'one' },
    { artistId: 'a', reason: 'other' },
  ];
  expect(differencesOf(twice, twice)).toEqual([]);
  expect(differencesOf(twice, [])).toMatchObject([{ change: 'removed', artistId: 'a', reasonBefore: 'one' }]);
});

test('a proposal adds, removes and mends, and removing wins', () => {
  const now = [
    { artistId: 'a', reason: 'so' },
    { artistId: 'b', reason: 'so' },
  ];
  const additions = [
    { artistId: 'b', reason: 'better' },
    { artistId: 'c', reason: 'new' },
    { artistId: 'd', reason: 'both' },
  ];
  expect(withProposal(now, { additions, removals: ['a', 'd', 'x'] })).toEqual([
    { artistId: 'b', reason: 'better' },
    { artistId: 'c', reason: 'new' },
  ]);
});
