import type { Call, World } from '../conduct/world';

/** A page of a list as the Web API gives it. */
export interface Page<T> {
  href: string;
  items: T[];
  limit: number;
  next: string | null;
  offset: number;
  previous: string | null;
  total: number;
}

/** Cuts one page out of a list; the addresses of its neighbours keep the other parameters of the call. */
export function pageOf<S, T>(
  address: { href: string; limit: number; offset: number },
  all: readonly S[],
  present: (item: S) => T,
): Page<T> {
  const { limit, offset } = address;
  const at = (start: number) => {
    const url = new URL(address.href);
    url.searchParams.set('offset', String(start));
    url.searchParams.set('limit', String(limit));
    return url.href;
  };
  return {
    href: at(offset),
    // Made when it is asked for: a look at a playlist's length and snapshot doesn't pay for its items.
    get items() {
      return all.slice(offset, offset + limit).map(present);
    },
    limit,
    next: offset + limit < all.length ? at(offset + limit) : null,
    offset,
    previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
    total: all.length,
  };
}

/** The address of a call at the Web API, with its query. */
export function hrefOf(world: World, call: Call): string {
  return `${world.url}/spotify/v1${call.path}${call.search}`;
}
