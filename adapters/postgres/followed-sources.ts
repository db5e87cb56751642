import type { BlockDecisions } from '../../domain/effective-blocks';
import type { OffenseCategory } from '../../domain/offenses';
import { categoriesOf, listsOf, type ListedRow, namedBlocked, type OffenseRow } from './blocked-rows';
import { isRestricted } from './lists';
import type { EntityManager } from './orm';

const notRestricted = (table: string) => `(${table}.restricted_until is null or ${table}.restricted_until <= now())`;

/**
 * In SQL: the version of each list that holds for those who follow it (`user_id, followed_since, list_id, version_id, version`). None of a
 * list that moderation keeps from taking effect.
 */
export const heldVersions = `select s.user_id, s.id as followed_since, l.id as list_id, v.id as version_id, v.number as version
  from list_subscriptions s join community_lists l on l.id = s.list_id
    join list_versions v on v.list_id = l.id and v.number = coalesce(s.list_version, l.latest_version) and v.state = 'published'
  where not ${isRestricted}`;

/** Of entries `e`: those that moderation lets count. */
const entryCounts = `e.withdrawn_at is null and ${notRestricted('e')}`;

/** Whom versions keep out, of rows as `heldVersions` gives them. */
const entriesOf = (held: string) => `select h.*, e.id as entry_id, e.artist_id from ${held} h
  join list_version_entries x on x.version_id = h.version_id join list_entries e on e.id = x.entry_id and e.list_id = h.list_id
  where ${entryCounts}`;

/** In SQL: whom lists keep out for those who follow them (the columns of `heldVersions`, `entry_id` and `artist_id`). */
export const followedEntries = entriesOf(`(${heldVersions})`);

/** Of offenses `o`: those that keep an artist out or, under appeal, speak for looking; none while the operator has them switched off. */
const offenseCounts = `o.status in ('sources_verified', 'contested') and ${notRestricted('o')}
  and not exists (select from operator_switches where name = 'offenses' and not enabled)`;

/** In SQL: whom categories speak against for those who follow them (`user_id, followed_since, category, offense_id, status, artist_id`). */
export const followedOffenses = `select s.user_id, s.id as followed_since, o.category, o.id as offense_id, o.status, o.artist_id
  from category_subscriptions s join offenses o on o.category = s.category where ${offenseCounts}`;

/** In SQL: people whose lists or categories speak against an artist of `ids`. */
export const followersAgainst = (ids: string): string =>
  `select user_id from (${followedEntries}) entries where artist_id in ${ids}
    union select user_id from (${followedOffenses}) offenses where artist_id in ${ids}`;

/** In SQL: whether a column's id is among those given as an array (`asArray`), twice; where null is given, every one is. */
export const among = (column: string): string => `(?::uuid[] is null or ${column} = any(?::uuid[]))`;

/** Ids as PostgreSQL writes an array; null for none given. */
export const asArray = (ids: readonly string[] | undefined): string | null => (ids ? `{${ids.join(',')}}` : null);

/** Entries of the lists that a person follows, those followed longest first. */
export async function followedLists(
  em: EntityManager,
  userId: string,
  {
    asked,
    hours,
  }: {
    /** Only of these artists, by `asArray`. */
    asked: string | null;
    /** What a version adds counts once it is so old; what it takes off counts at once. */
    hours: number;
  },
): Promise<BlockDecisions['lists']> {
  const settled = `select h.list_id, h.followed_since, h.version_id, w.id as settled_id, w.number as version from held h cross join lateral (
      select id, number from list_versions w where w.list_id = h.list_id and w.number <= h.version and w.state = 'published'
        and w.published_at <= now() - make_interval(hours => ?) order by number desc limit 1) w`;
  const stood = `exists (select from list_version_entries o where o.version_id = f.settled_id and o.entry_id = f.entry_id) and`;
  const rows = await em.execute<ListedRow[]>(
    // Versions first, since a plan for all of these tables at once takes longer to make than to carry out.
    `with held as materialized (${heldVersions} and s.user_id = ?)
     select f.list_id, f.version, ${namedBlocked}
     from (${entriesOf(hours > 0 ? `(${settled})` : 'held')}) f join artists a on a.id = f.artist_id
     where ${hours > 0 ? stood : ''} ${among('f.artist_id')} order by f.followed_since, f.artist_id`,
    [userId, ...(hours > 0 ? [hours] : []), asked, asked],
  );
  return listsOf(rows);
}

/** What a version of a list says by itself, whoever follows it; null where there is nothing that counts. */
export async function listAsSource(
  em: EntityManager,
  listId: string,
  version: number,
): Promise<BlockDecisions['lists'][number] | null> {
  const held = `(select list_id, id as version_id, number as version from list_versions where list_id = ? and number = ? and state = 'published')`;
  const rows = await em.execute<ListedRow[]>(
    `select f.list_id, f.version, ${namedBlocked} from (${entriesOf(held)}) f join artists a on a.id = f.artist_id order by f.artist_id`,
    [listId, version],
  );
  return listsOf(rows)[0] ?? null;
}

/** Offenses of the categories that a person follows, likewise. */
export async function followedCategories(
  em: EntityManager,
  userId: string,
  asked: string | null,
): Promise<BlockDecisions['categories']> {
  return categoriesOf(
    await em.execute<OffenseRow[]>(
      `select f.category, f.offense_id, f.status, ${namedBlocked}
       from (${followedOffenses}) f join artists a on a.id = f.artist_id
       where f.user_id = ? and ${among('f.artist_id')} order by f.followed_since, f.offense_id`,
      [userId, asked, asked],
    ),
  );
}

/** What a category says by itself, whoever follows it; null where there is nothing that counts. */
export async function categoryAsSource(
  em: EntityManager,
  category: OffenseCategory,
): Promise<BlockDecisions['categories'][number] | null> {
  const rows = await em.execute<OffenseRow[]>(
    `select o.category, o.id as offense_id, o.status, ${namedBlocked} from offenses o join artists a on a.id = o.artist_id
     where o.category = ? and ${offenseCounts} order by o.id`,
    [category],
  );
  return categoriesOf(rows)[0] ?? null;
}

/**
 * Up to `limit` artists, behind one, whom lists or categories speak against and whom the person has no block of their own for, by id; each source
 * is read no further than that.
 */
export async function followedArtistsAfter(
  em: EntityManager,
  { userId, after, limit }: { userId: string; after: string | null; limit: number },
): Promise<string[]> {
  const next = (source: string, of: string) =>
    `${source} and (?::uuid is null or artist_id > ?::uuid) and not exists (select from blocks b where b.user_id = ? and b.artist_id = ${of}.artist_id)
      group by artist_id order by artist_id limit ?`;
  const each = [after, after, userId, limit, userId];
  const rows = await em.execute<{ artist_id: string }[]>(
    `select artist_id from (${heldVersions}) h cross join lateral (${next(
      `select artist_id from list_entries e join list_version_entries x on x.entry_id = e.id and x.version_id = h.version_id
      where e.list_id = h.list_id and ${entryCounts}`,
      'e',
    )}) n where h.user_id = ?
     union
     select artist_id from category_subscriptions s cross join lateral (${next(
       `select artist_id from offenses o where o.category = s.category and ${offenseCounts}`,
       'o',
     )}) n where s.user_id = ? order by artist_id limit ?`,
    [...each, ...each, limit],
  );
  return rows.map((row) => row.artist_id);
}
