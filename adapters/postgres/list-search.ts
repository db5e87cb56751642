import type { ListOrder } from '../../domain/community-lists';
import { foldName } from '../../domain/names';
import { containing } from './like-pattern';
import { subscriberCount } from './list-growth';
import { fromLists, isRestricted, listColumns, listOf, type ListRow, type RawList } from './lists';
import type { EntityManager } from './orm';

/** Where a list stands in an order: what it is sorted by, and its id. */
export interface ListPlace {
  id: string;
  name: string;
  subscribers: number;
}

export interface ListSearch {
  userId: string;
  /** Part of the name or of the description. */
  query: string | null;
  /** Only those that the person owns or looks after, whoever else can read them. */
  mine: boolean;
  order: ListOrder;
  after: ListPlace | null;
  limit: number;
}

const sortName = `unaccent(lower(l.name))`;

/** Of each order: what follows a place, with its values, and the order itself. */
const orders: Readonly<
  Record<ListOrder, { follows: string; values: (place: ListPlace) => (string | number)[]; by: string }>
> = {
  newest: { follows: `l.id < ?::uuid`, values: ({ id }) => [id], by: `l.id desc` },
  name: {
    follows: `(${sortName}, l.id) > (?, ?::uuid)`,
    values: ({ name, id }) => [name, id],
    by: `${sortName}, l.id`,
  },
  subscribers: {
    follows: `(${subscriberCount}, l.id) < (?::int, ?::uuid)`,
    values: ({ subscribers, id }) => [subscribers, id],
    by: `${subscriberCount} desc, l.id desc`,
  },
};

/** Lists that everybody may find, which have a version that counts, or the person's own. */
export async function searchLists(
  em: EntityManager,
  { userId, query, mine, order, after, limit }: ListSearch,
): Promise<(ListRow & { sortName: string })[]> {
  const pattern = query === null ? null : containing(foldName(query));
  const { follows, values, by } = orders[order];
  const rows = await em.execute<(RawList & { sortName: string })[]>(
    `select ${listColumns}, ${sortName} as "sortName" from ${fromLists}
     where ${mine ? `(l.user_id = ? or exists (select from list_curators c where c.list_id = l.id and c.user_id = ?))` : `l.visibility = 'public' and l.latest_version is not null and not ${isRestricted}`}
       and (?::text is null or unaccent(lower(l.name)) like ? or unaccent(lower(l.description)) like ?)
       and ${after ? follows : 'true'} order by ${by} limit ?`,
    [
      ...[userId, userId],
      ...(mine ? [userId, userId] : []),
      ...[pattern, pattern, pattern],
      ...(after ? values(after) : []),
      limit,
    ],
  );
  return rows.map(({ sortName: name, ...row }) => ({ ...listOf(row), sortName: name }));
}
