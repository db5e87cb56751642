import { type ComparedOffense, duplicateOf, type DuplicateReason } from '../../domain/offense-duplicates';
import { type OffenseCategory, type OffenseStatus, shownOffenseStatuses } from '../../domain/offenses';
import type { EntityManager } from './orm';

/** An entry that says the same already. */
export interface KnownDuplicate {
  /** Null where whoever submits does not see it. */
  offenseId: string | null;
  reason: DuplicateReason;
}

export interface DuplicateSearch {
  /** The id that the artist has now. */
  artistId: string;
  category: OffenseCategory;
  userId: string;
  staff: boolean;
  /** The entry itself, where it is changed. */
  except: string | null;
}

/**
 * Lets nobody else submit about this artist in this category until the commit: of two equal ones at once, the second finds the first.
 * Call it before any entry or case is locked.
 */
export async function holdSubmissions(
  tx: EntityManager,
  { artistId, category }: Pick<DuplicateSearch, 'artistId' | 'category'>,
): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`offense:${artistId}:${category}`]);
}

/** The entry that a new one doubles, one that is seen before others; null where none does. */
export async function findDuplicate(
  em: EntityManager,
  { artistId, category, userId, staff, except }: DuplicateSearch,
  fresh: ComparedOffense,
): Promise<KnownDuplicate | null> {
  const known = await em.execute<
    {
      id: string;
      user_id: string | null;
      status: OffenseStatus;
      title: string;
      occurred_from: string | null;
      occurred_until: string | null;
      addresses: string[];
    }[]
  >(
    `select o.id, o.user_id, o.status, o.title, o.occurred_from::text as occurred_from, o.occurred_until::text as occurred_until,
       array(select unnest(array[e.url, e.archived_url]) from offense_evidence e where e.offense_id = o.id) as addresses
     from offenses o where o.artist_id = ? and o.category = ? and (?::uuid is null or o.id <> ?::uuid) order by o.id`,
    [artistId, category, except, except],
  );
  const found = known.flatMap((row) => {
    const reason = duplicateOf(fresh, {
      status: row.status,
      title: row.title,
      occurredFrom: row.occurred_from,
      occurredUntil: row.occurred_until,
      addresses: row.addresses.filter((address) => address !== null),
    });
    const seen = staff || row.user_id === userId || (shownOffenseStatuses as readonly string[]).includes(row.status);
    return reason === null ? [] : [{ offenseId: seen ? row.id : null, reason }];
  });
  return found.find(({ offenseId }) => offenseId !== null) ?? found[0] ?? null;
}
