import { queryText, type Call } from '../conduct/world';
import { badParameter } from './errors';

/** Where a page begins and how long it is at most. */
export interface Page {
  limit: number;
  offset: number;
}

/** `limit` and `offset` of a list. */
export function readPage(call: Call, bounds: { standard: number; max: number }): Page {
  const limit = wholeOf(call, 'limit') ?? bounds.standard;
  const offset = wholeOf(call, 'offset') ?? 0;
  if (limit < 1 || limit > bounds.max) throw badParameter('limit', `Value must be an integer from 1 to ${bounds.max}`);
  return { limit, offset };
}

function wholeOf(call: Call, name: string): number | undefined {
  const text = queryText(call, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,7}$/.test(text)) throw badParameter(name, 'Value must be a whole number');
  return Number(text);
}

/**
 * A page as the API gives it: `next` is a path without a host that holds the offset alone, so that limit and includes
 * have to be asked for again.
 */
export function pageOf<T>(
  path: string,
  { limit, offset }: Page,
  all: readonly T[],
  show: (thing: T) => unknown,
): object {
  const end = offset + limit;
  return {
    ...(end < all.length ? { next: `${path}?offset=${end}` } : {}),
    data: all.slice(offset, end).map(show),
    meta: { total: all.length },
  };
}

/** The ids of `?ids=`, or undefined where there are none. */
export function readIds(call: Call, max: number, name = 'ids'): string[] | undefined {
  const text = queryText(call, name);
  if (text === undefined) return undefined;
  const ids = text.split(',').map((id) => id.trim());
  if (ids.length > max || ids.includes('')) throw badParameter(name, `Value must be 1 to ${max} ids`);
  return ids;
}

/** Whether a relationship is to be sent along (`?include=a,b`). */
export function includes(call: Call, relationship: string): boolean {
  return (queryText(call, 'include') ?? '').split(',').includes(relationship);
}
