import { bodyOf, type Call, type CallRouter, type World } from '../conduct/world';
import type { AppleAccount } from '../state/apple-music';
import { appleCatalogOf } from './catalog';
import { badParameter, notFound } from './errors';
import { ratingKey } from './kept';
import { readIds } from './paging';
import { callerOf, visibleAccount, writeAccount } from './tokens';

const ratedTypes = ['songs', 'albums', 'library-songs', 'library-albums'] as const;
export type RatedType = (typeof ratedTypes)[number];

/** What the caller likes (1) and dislikes (−1). An artist can't be rated: there is no such address. */
export function serveRatings(world: World, router: CallRouter): void {
  for (const type of ratedTypes) {
    router.get(`/me/ratings/${type}`, (call) => {
      const account = visibleAccount(world, call);
      const ids = readIds(call, 100);
      if (!ids) throw badParameter('ids', 'No ids supplied on the request');
      call.body = { data: ids.flatMap((id) => shown(world, account, type, id)) };
    });
    router.get(`/me/ratings/${type}/:id`, (call) => {
      const data = shown(world, visibleAccount(world, call), type, call.params['id'] ?? '');
      if (data.length === 0) throw notFound();
      call.body = { data };
    });
    router.put(`/me/ratings/${type}/:id`, (call) => {
      const id = call.params['id'] ?? '';
      const { userId, account, key } = keyOf(world, call, type, id);
      const value = ratingOf(call);
      writeAccount(world, call, userId, { ...account, ratings: { ...account.ratings, [key]: value } });
      call.status = 200;
      call.body = { data: [resource(type, id, value)] };
    });
    router.delete(`/me/ratings/${type}/:id`, (call) => {
      const { userId, account, key } = keyOf(world, call, type, call.params['id'] ?? '');
      const { [key]: _ended, ...ratings } = account.ratings;
      writeAccount(world, call, userId, { ...account, ratings });
      call.status = 204;
    });
  }
}

/**
 * Under which key an account keeps the rating that is named by type and id: catalog and library name the same one.
 *
 * @returns null where there is no such thing
 */
export function ratingKeyOf(world: World, account: AppleAccount, type: RatedType, id: string): string | null {
  const { songs, albums } = appleCatalogOf(world.catalog);
  if (type === 'songs' || type === 'albums') {
    const known = (type === 'songs' ? songs : albums).has(id);
    return known ? ratingKey(type, { id, catalogId: id }) : null;
  }
  const listed = account.playlists.flatMap(({ items }) => items);
  const kept = (type === 'library-songs' ? [...account.songs, ...listed] : account.albums).find(
    (thing) => thing.id === id,
  );
  return kept ? ratingKey(type === 'library-songs' ? 'songs' : 'albums', kept) : null;
}

function keyOf(world: World, call: Call, type: RatedType, id: string) {
  const { userId, account } = callerOf(world, call);
  const key = ratingKeyOf(world, account, type, id);
  if (key === null) throw notFound();
  return { userId, account, key };
}

function ratingOf(call: Call): 1 | -1 {
  const { attributes } = bodyOf(call);
  const value: unknown =
    typeof attributes === 'object' && attributes !== null && 'value' in attributes ? attributes.value : undefined;
  if (value !== 1 && value !== -1) throw badParameter('value', 'Value must be 1 or -1');
  return value;
}

function shown(world: World, account: AppleAccount, type: RatedType, id: string): object[] {
  const key = ratingKeyOf(world, account, type, id);
  const value = key === null ? undefined : account.ratings[key];
  return value === undefined ? [] : [resource(type, id, value)];
}

function resource(type: RatedType, id: string, value: 1 | -1): object {
  return { id, type: 'ratings', href: `/v1/me/ratings/${type}/${id}`, attributes: { value } };
}
