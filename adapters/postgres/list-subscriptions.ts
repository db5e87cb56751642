import type { NewEntriesChoice, SubscriptionFollows } from '../../domain/community-lists';
import { DomainError } from '../../domain/errors';
import { type SubscriptionWish, versionToHold } from '../../domain/list-subscriptions';
import { followedEntries } from './followed-sources';
import { newId } from './ids';
import { noteSubscription } from './list-growth';
import { isRestricted } from './lists';
import type { EntityManager } from './orm';
import { lockPerson } from './people';
import { markPlansOnArtistsStale } from './plans';

/**
 * Lets nobody publish a version of a list, or close it, until the commit. Comes before plans are touched, as it does where a version is
 * published: else the two could wait for one another.
 */
export async function keepListAsIs(tx: EntityManager, listId: string): Promise<void> {
  await tx.execute(`select id from community_lists where id = ? for share`, [listId]);
}

/**
 * Has a person go by a list as they wish, in the caller's transaction, which has `keepListAsIs`. Plans that act on somebody whom the list no longer keeps out for
 * them turn stale. Throws DomainError `not_found` where the list has no such version that counts.
 * @returns whether they did not go by it before
 */
export async function followList(
  tx: EntityManager,
  { userId, list, wish }: { userId: string; list: { id: string; latestVersion: number }; wish: SubscriptionWish },
): Promise<{ created: boolean }> {
  await lockPerson(tx, userId);
  const held = await heldNumber(tx, userId, list.id);
  const version = versionToHold(wish, { held, latest: list.latestVersion });
  if (version !== null && !(await isPublished(tx, list.id, version))) throw new DomainError('not_found');
  const before = await artistsHeld(tx, userId, list.id);
  const [row] = await tx.execute<{ created: boolean }[]>(
    `insert into list_subscriptions as s (id, user_id, list_id, follows, new_entries, list_version) values (?, ?, ?, ?, ?, ?)
     on conflict (user_id, list_id) do update set follows = excluded.follows, new_entries = excluded.new_entries, list_version = excluded.list_version, updated_at = now()
     returning xmax = 0 as created`,
    [newId(), userId, list.id, wish.follows, wish.newEntries, version],
  );
  const created = row?.created ?? false;
  const after = new Set(await artistsHeld(tx, userId, list.id));
  const left = before.filter((artistId) => !after.has(artistId));
  await markPlansOnArtistsStale(tx, userId, left, 'subscription_changed');
  if (created) await noteSubscription(tx, list.id, 1);
  return { created };
}

/** Ends that; plans that act on whom the list kept out turn stale. False where they did not go by it. */
export async function unfollowList(
  tx: EntityManager,
  { userId, listId }: { userId: string; listId: string },
): Promise<boolean> {
  await keepListAsIs(tx, listId);
  await lockPerson(tx, userId);
  const before = await artistsHeld(tx, userId, listId);
  const gone = await tx.execute<{ id: string }[]>(
    `delete from list_subscriptions where user_id = ? and list_id = ? returning id`,
    [userId, listId],
  );
  if (gone.length === 0) return false;
  await markPlansOnArtistsStale(tx, userId, before, 'subscription_ended');
  await noteSubscription(tx, listId, -1);
  return true;
}

/** The number of the version that holds for a person; null where they do not go by the list, or it has none that counts. */
async function heldNumber(tx: EntityManager, userId: string, listId: string): Promise<number | null> {
  const [row] = await tx.execute<{ version: number | null }[]>(
    `select coalesce(s.list_version, l.latest_version) as version from list_subscriptions s join community_lists l on l.id = s.list_id
     where s.user_id = ? and s.list_id = ?`,
    [userId, listId],
  );
  return row?.version ?? null;
}

async function isPublished(em: EntityManager, listId: string, version: number): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from list_versions where list_id = ? and number = ? and state = 'published'`,
    [listId, version],
  );
  return rows.length > 0;
}

async function artistsHeld(em: EntityManager, userId: string, listId: string): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select distinct artist_id from (${followedEntries}) f where user_id = ? and list_id = ?`,
    [userId, listId],
  );
  return rows.map((row) => row.artist_id);
}

/** That a person goes by a list. `added`, `removed`: how the latest version differs from the one that holds for them. */
export interface ListSubscriptionRow {
  id: string;
  listId: string;
  name: string;
  follows: SubscriptionFollows;
  newEntries: NewEntriesChoice;
  held: number | null;
  latest: number | null;
  restricted: boolean;
  added: number;
  removed: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Lists that a person goes by, those that they came to last first: one, or those after one. */
export async function listSubscriptions(
  em: EntityManager,
  { userId, listId, after, limit }: { userId: string; listId: string | null; after: string | null; limit: number },
): Promise<ListSubscriptionRow[]> {
  const entries = (version: string) => `(select entry_id from list_version_entries where version_id = ${version}.id)`;
  const rows = await em.execute<
    (Omit<ListSubscriptionRow, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string })[]
  >(
    `select s.id, l.id as "listId", l.name, s.follows, s.new_entries as "newEntries", h.number as held, l.latest_version as latest, ${isRestricted} as restricted,
       coalesce(d.added, 0) as added, coalesce(d.removed, 0) as removed, s.created_at as "createdAt", s.updated_at as "updatedAt"
     from list_subscriptions s join community_lists l on l.id = s.list_id
       left join list_versions h on h.list_id = l.id and h.number = coalesce(s.list_version, l.latest_version) and h.state = 'published'
       left join list_versions n on n.list_id = l.id and n.number = l.latest_version and n.id is distinct from h.id
       left join lateral (select count(*) filter (where o.entry_id is null)::int as added, count(*) filter (where w.entry_id is null)::int as removed
         from ${entries('h')} o full join ${entries('n')} w using (entry_id)) d on n.id is not null
     where s.user_id = ? and (?::uuid is null or l.id = ?::uuid) and (?::uuid is null or s.id < ?::uuid) order by s.id desc limit ?`,
    [userId, listId, listId, after, after, limit],
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) }));
}
