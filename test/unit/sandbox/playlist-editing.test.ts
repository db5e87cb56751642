import fc from 'fast-check';
import { insertAt, moveRange, OutOfBounds, removeEvery } from '../../../dev/sandbox/spotify/playlist-editing';

const items = (uris: (string | null)[]) => uris.map((uri) => ({ uri }));

describe('a playlist as Spotify edits it', () => {
  it('removes every occurrence of a URI and leaves unavailable items in their places', () => {
    const left = removeEvery(items(['a', null, 'b', 'a', null, 'a']), new Set(['a']));
    expect(left.map((item) => item.uri)).toEqual([null, 'b', null]);
  });

  it('inserts at a position up to the length and refuses one beyond it', () => {
    expect(insertAt(['a', 'b'], 1, ['x', 'y'])).toEqual(['a', 'x', 'y', 'b']);
    expect(insertAt(['a', 'b'], 2, ['x'])).toEqual(['a', 'b', 'x']);
    expect(() => insertAt(['a', 'b'], 3, ['x'])).toThrow(OutOfBounds);
  });

  it('moves a run in front of the item that stands at the target before the move', () => {
    expect(moveRange(['a', 'b', 'c', 'd'], 0, 3, 2)).toEqual(['c', 'a', 'b', 'd']);
    expect(moveRange(['a', 'b', 'c', 'd'], 2, 0, 2)).toEqual(['c', 'd', 'a', 'b']);
    expect(moveRange(['a', 'b', 'c', 'd'], 0, 4, 1)).toEqual(['b', 'c', 'd', 'a']);
    expect(() => moveRange(['a'], 0, 0, 2)).toThrow(OutOfBounds);
  });

  it('gets the old order back by inserting the removed items at their old indexes, lowest first', () => {
    const uri = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null });
    fc.assert(
      fc.property(fc.array(uri, { maxLength: 30 }), fc.subarray(['a', 'b', 'c']), (uris, gone) => {
        const before = items(uris);
        const removed = new Set<string>(gone);
        let now = removeEvery(before, removed);
        before.forEach((item, index) => {
          if (item.uri !== null && removed.has(item.uri)) now = insertAt(now, index, [item]);
        });
        expect(now).toEqual(before);
      }),
    );
  });

  it('never loses or doubles an item by a move', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(10), fc.integer({ min: 1, max: 10 }), (start, before, length) => {
        const list = [...'abcdefghij'];
        fc.pre(start + length <= list.length);
        expect(moveRange(list, start, before, length).toSorted()).toEqual(list);
      }),
    );
  });
});
