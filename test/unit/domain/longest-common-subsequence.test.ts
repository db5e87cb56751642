import fc from 'fast-check';
import { longestCommonSubsequence } from '../../../domain/longest-common-subsequence';

const keys = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 14 });

describe('aligning two lists', () => {
  test('the alignment is a common subsequence and none is longer', () => {
    fc.assert(
      fc.property(keys, keys, (left, right) => {
        const pairs = longestCommonSubsequence(left, right);
        expectAlignment(left, right, pairs);
        if (pairs.length !== lengthByTable(left, right)) throw new Error('not the longest');
      }),
      { numRuns: 2000 },
    );
  });

  test('with too many equal pairs it is still a common subsequence', () => {
    fc.assert(
      fc.property(keys, keys, fc.nat(20), (left, right, limit) =>
        expectAlignment(left, right, longestCommonSubsequence(left, right, limit)),
      ),
      { numRuns: 2000 },
    );
  });

  test('ten thousand different tracks with a few edits align but for the edits', () => {
    const left = Array.from({ length: 10_000 }, (_, n) => `track-${n}`);
    const right = ['new', ...left.slice(0, 500), ...left.slice(510, 9_990), 'new', ...left.slice(9_990)];
    expect(longestCommonSubsequence(left, right)).toHaveLength(9_990);
  });

  test('ten thousand shuffled tracks, and ten thousand copies of two tracks, come to an end', () => {
    const left = Array.from({ length: 10_000 }, (_, n) => `track-${n}`);
    const right = left.map((_, n) => `track-${(n * 7919) % 10_000}`);
    expectAlignment(left, right, longestCommonSubsequence(left, right));
    const twice = left.map((_, n) => (n % 2 ? 'a' : 'b'));
    const other = left.map((_, n) => (n % 3 ? 'a' : 'b'));
    expectAlignment(twice, other, longestCommonSubsequence(twice, other));
  });
});

function expectAlignment(
  left: readonly (string | null)[],
  right: readonly (string | null)[],
  pairs: readonly (readonly [number, number])[],
) {
  let lastLeft = -1;
  let lastRight = -1;
  for (const [i, j] of pairs) {
    if (i <= lastLeft || j <= lastRight || left[i] !== right[j] || i >= left.length)
      throw new Error('not an alignment');
    lastLeft = i;
    lastRight = j;
  }
}

function lengthByTable(left: readonly (string | null)[], right: readonly (string | null)[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const key of left) {
    const next = [0];
    right.forEach((other, j) => {
      next.push(key === other ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number));
    });
    row = next;
  }
  return row.at(-1) as number;
}
