import { z } from 'zod';
import { decodeCursor, encodeCursor, makePage, pageQuery } from '../../../api/paging';

const position = z.object({ n: z.number() });
const page = (count: number, limit: number, first = true) =>
  makePage(
    Array.from({ length: count }, (_, n) => n),
    { limit, present: (n) => `item ${n}`, position: (n) => ({ n }), first, emptyReason: 'no_items' },
  );

describe('pages', () => {
  it('a row more than wanted means that there is a next page, from the last one shown on', () => {
    const { items, nextCursor } = page(3, 2);
    expect(items).toEqual(['item 0', 'item 1']);
    expect(decodeCursor(nextCursor ?? '', position)).toEqual({ n: 1 });
  });

  it('exactly as many as wanted are the last page', () => {
    expect(page(2, 2)).toEqual({ items: ['item 0', 'item 1'], nextCursor: null });
  });

  it('an empty first page says why, a later one doesn’t', () => {
    expect(page(0, 2).emptyReason).toBe('no_items');
    expect(page(0, 2, false)).toEqual({ items: [], nextCursor: null });
  });

  it('a limit is 20 unless said, and 1 to 100', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 20 });
    expect(pageQuery.parse({ limit: '100' }).limit).toBe(100);
    for (const limit of ['0', '101', '1.5', 'x']) expect(pageQuery.safeParse({ limit }).success).toBe(false);
  });
});

describe('cursors', () => {
  it('come back as they were given', () => {
    expect(decodeCursor(encodeCursor({ n: 7 }), position)).toEqual({ n: 7 });
    expect(decodeCursor(undefined, position)).toBeNull();
  });

  it.each(['', '%%%', 'bm90IGpzb24', encodeCursor({ n: 'seven' }), encodeCursor({})])(
    '%j is none of ours',
    (cursor) => {
      expect(() => decodeCursor(cursor, position)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
    },
  );
});
