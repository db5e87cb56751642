import { z } from 'zod';
import { DomainError } from '../domain/errors';

/** `?limit` (20, at most 100) and `&cursor`, for every list; extend it with the list's own filters. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'At most this many items.' }),
  cursor: z.string().max(1000).optional().meta({ description: 'The nextCursor of the page before.' }),
});

/** `{items, nextCursor, emptyReason?}`; the reason says why a first page is empty. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    emptyReason: z.string().optional(),
  });
}

/** An opaque cursor of a position in a list: what the last item shown was sorted by. */
export function encodeCursor(position: Record<string, string | number | null>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads a cursor back; null for a first page. Throws `invalid_cursor` for anything that this list didn't give. */
export function decodeCursor<T extends z.ZodType>(cursor: string | undefined, position: T): z.output<T> | null {
  if (cursor === undefined) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new DomainError('invalid_cursor');
  }
  const result = position.safeParse(parsed);
  if (!result.success) throw new DomainError('invalid_cursor');
  return result.data;
}

/** Position in a list of rows by UUIDv7, newest first. */
export const idPosition = z.object({ id: z.uuid() });

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  emptyReason?: string;
}

/**
 * Makes a page from up to `limit + 1` rows: ask the database for one more than wanted, and its presence says there is a next page.
 * `emptyReason` is told only where the first page is empty.
 */
export function makePage<Row, Item>(
  rows: Row[],
  options: {
    limit: number;
    present: (row: Row) => Item;
    position: (row: Row) => Record<string, string | number | null>;
    first: boolean;
    emptyReason?: string;
  },
): Page<Item> {
  const shown = rows.slice(0, options.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(options.present),
    nextCursor: rows.length > options.limit && last !== undefined ? encodeCursor(options.position(last)) : null,
    ...(shown.length === 0 && options.first && options.emptyReason ? { emptyReason: options.emptyReason } : {}),
  };
}
