import type { ListPart, ListVisibility } from '../../domain/community-lists';
import type { Role } from '../../domain/roles';
import { subscriberCount } from './list-growth';
import type { EntityManager } from './orm';

/** A list as one person sees it. */
export interface ListRow {
  id: string;
  name: string;
  description: string;
  criteria: string;
  visibility: ListVisibility;
  askedVisibility: ListVisibility | null;
  /** The first version that others than its owner and curators may see. */
  openFrom: number | null;
  /** The number of the version that counts. */
  latestVersion: number | null;
  /** The highest number that was given to a version, whatever became of it; 0 before the first. */
  newestVersion: number;
  inReview: number | null;
  /** Artists of the version that counts. */
  entries: number;
  publishedAt: Date | null;
  subscriberCount: number;
  restricted: boolean;
  restrictedUntil: Date | null;
  part: ListPart | null;
  /** Whether the person sees all of it as staff, because there is or was a case about it. */
  examined: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export type RawList = Omit<ListRow, 'examined' | 'publishedAt' | 'restrictedUntil' | 'createdAt' | 'updatedAt'> & {
  publishedAt: string | null;
  restrictedUntil: string | null;
  createdAt: string;
  updatedAt: string;
};

/** In SQL, of a list `l`: whether moderation keeps it from taking effect now. */
export const isRestricted = `(l.restricted_at is not null and (l.restricted_until is null or l.restricted_until > now()))`;

/** In SQL, of a list `l`: what somebody is to it. The values: their id, twice. */
export const partOf = `case when l.user_id = ? then 'owner' else
  (select case when c.accepted_at is null then 'invited' else 'curator' end from list_curators c where c.list_id = l.id and c.user_id = ?) end`;

/** The columns of lists `l`, left-joined with the version `v` that counts; the values: the asking person's id, twice. */
export const listColumns = `l.id, l.name, l.description, l.criteria, l.visibility, l.asked_visibility as "askedVisibility", l.open_from as "openFrom",
  l.latest_version as "latestVersion", coalesce((select max(number) from list_versions n where n.list_id = l.id), 0)::int as "newestVersion",
  (select number from list_versions n where n.list_id = l.id and n.state = 'in_review') as "inReview",
  coalesce(v.entries, 0) as entries, v.published_at as "publishedAt", ${subscriberCount} as "subscriberCount", ${isRestricted} as restricted,
  case when ${isRestricted} then l.restricted_until end as "restrictedUntil", ${partOf} as part, l.version, l.created_at as "createdAt", l.updated_at as "updatedAt"`;

export const fromLists = `community_lists l left join list_versions v on v.list_id = l.id and v.number = l.latest_version`;

export const listOf = (row: RawList): ListRow => ({
  ...row,
  examined: false,
  publishedAt: row.publishedAt === null ? null : new Date(row.publishedAt),
  restrictedUntil: row.restrictedUntil === null ? null : new Date(row.restrictedUntil),
  createdAt: new Date(row.createdAt),
  updatedAt: new Date(row.updatedAt),
});

/**
 * A list that the person may read: everybody's who has its id, one that they own, look after or are asked to, or, for staff, one about
 * which there is or was a case. Null else.
 */
export async function findList(
  em: EntityManager,
  listId: string,
  userId: string,
  roles: readonly Role[] = [],
): Promise<ListRow | null> {
  const [row] = await em.execute<RawList[]>(`select ${listColumns} from ${fromLists} where l.id = ?`, [
    userId,
    userId,
    listId,
  ]);
  if (!row) return null;
  const examined = roles.length > 0 && (await hadCase(em, listId));
  return row.visibility === 'private' && row.part === null && !examined ? null : { ...listOf(row), examined };
}

/** Whether there is or was a case about a list, a version or an entry of it. */
async function hadCase(em: EntityManager, listId: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from moderation_cases where subject_id in (
       select ?::uuid union all select id from list_versions where list_id = ? union all select id from list_entries where list_id = ?) limit 1`,
    [listId, listId, listId],
  );
  return rows.length > 0;
}

/** The same, held until the commit, so that nobody else changes it or publishes meanwhile. */
export async function holdList(tx: EntityManager, listId: string, userId: string): Promise<ListRow | null> {
  await tx.execute(`select id from community_lists where id = ? for no key update`, [listId]);
  return findList(tx, listId, userId);
}

/** A list's owner and curators, in one order, since telling them holds off others. */
export async function keepersOf(em: EntityManager, listId: string): Promise<string[]> {
  const rows = await em.execute<{ user_id: string }[]>(
    `select user_id from community_lists where id = ? and user_id is not null
     union select c.user_id from list_curators c join users u on u.id = c.user_id where c.list_id = ? and c.accepted_at is not null and u.merged_into is null order by 1`,
    [listId, listId],
  );
  return rows.map(({ user_id: id }) => id);
}

/** Whether whoever has this part decides about proposals. */
export const looksAfter = (part: ListPart | null): boolean => part === 'owner' || part === 'curator';

/** Whether the person sees what waits, was rejected, or was never everybody's. */
export const seesAll = ({ part, examined }: ListRow): boolean => looksAfter(part) || examined;

/** Whether anybody with its id can read the list, or is to once a moderator has looked at it. */
export const isShared = ({ visibility, askedVisibility }: Pick<ListRow, 'visibility' | 'askedVisibility'>): boolean =>
  visibility !== 'private' || askedVisibility !== null;
