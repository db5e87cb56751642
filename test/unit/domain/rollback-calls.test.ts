import { leastRollbackCalls } from '../../../domain/rollback-calls';

const list = (text: string) => [...text].map((uri) => ({ uri, addedAt: null, addedBy: null }));
const playlist = (live: string, target: string) => ({ live: list(live), target: list(target) });

describe('the fewest calls that put things back', () => {
  it.each([
    ['nothing for nothing', [0], [], 0],
    ['a write and a look for each 40 of a kind', [41, 0, 40], [], 6],
    ['nothing for a playlist that is as it was', [], [playlist('abc', 'abc')], 0],
    ['a look, an insertion, a page and a look for one gap', [], [playlist('ad', 'abcd')], 4],
    ['an insertion for each gap, also at the ends', [], [playlist('be', 'abcdef')], 6],
    ['an insertion for each 100, a page for each 50', [], [playlist('', 'x'.repeat(101))], 7],
  ])('are %s', (_, saved, playlists, calls) => {
    expect(leastRollbackCalls(saved, playlists)).toBe(calls);
  });

  it('are one a gap, whether or not blocks are moved instead of inserted', () => {
    // Tries all there is for up to four gaps: what stays in small letters between ends that nobody moves.
    for (const gaps of [2, 3, 4]) expect(fewestWithMoves(gaps)).toBe(gaps);
  });
});

/**
 * Fewest calls that bring one block of what is missing in, in any order and at any place, and move blocks until each piece is
 * in its gap: searched backwards from the target, move by move.
 */
function fewestWithMoves(gaps: number): number {
  const letters = 'abcdefgh';
  const target = Array.from({ length: gaps }, (_, n) => `${n}${n + 1 < gaps ? (letters[n] ?? '') : ''}`).join('');
  const isOneBlock = (text: string) =>
    /^\D*\d+\D*$/.test(text) && text.replaceAll(/\d/g, '') === letters.slice(0, gaps - 1);
  const seen = new Set([target]);
  let reached = [target];
  for (let moves = 0; ; moves += 1) {
    if (reached.some(isOneBlock)) return moves + 1;
    reached = reached.flatMap(movesFrom).filter((text) => !seen.has(text) && seen.add(text));
  }
}

function movesFrom(text: string): string[] {
  const moved: string[] = [];
  for (let from = 0; from < text.length; from += 1)
    for (let middle = from + 1; middle < text.length; middle += 1)
      for (let to = middle + 1; to <= text.length; to += 1)
        moved.push(text.slice(0, from) + text.slice(middle, to) + text.slice(from, middle) + text.slice(to));
  return moved;
}
