import type { FeedPosition, FeedReader } from '../../domain/catalog-feed';
import type { EntityManager } from './orm';

/**
 * An execution that takes longer than this over one batch has lost its turn, in seconds; a write to the graph, or to a table of the
 * index, ends well before.
 */
const leaseSeconds = 60;

/**
 * Gives one of a reader's executions its turn, unless another one has it: null then. What is committed after `now` is left to the
 * next, and nothing waits for transactions that are still open.
 */
export async function takeTurn(em: EntityManager, reader: FeedReader, holder: string): Promise<FeedPosition | null> {
  const [row] = await em.execute<{ catalog_id: string; forgotten: string; now: string }[]>(
    `update catalog_feeds set holder = ?, held_until = now() + make_interval(secs => ?), catalog_id = coalesce(catalog_id, gen_random_uuid())
     where reader = ? and (holder is null or holder = ? or held_until < now())
     returning catalog_id, forgotten::text, pg_current_snapshot()::text as now`,
    [holder, leaseSeconds, reader, holder],
  );
  return row ? { catalogId: row.catalog_id, forgotten: row.forgotten, now: row.now } : null;
}

/** Tells this catalog from any other. Throws before the reader's first turn. */
export async function catalogIdOf(em: EntityManager, reader: FeedReader): Promise<string> {
  const [row] = await em.execute<{ catalog_id: string | null }[]>(
    `select catalog_id from catalog_feeds where reader = ?`,
    [reader],
  );
  if (!row?.catalog_id) throw new Error('The catalog has no id yet.');
  return row.catalog_id;
}

/** Keeps the turn while this transaction lasts, and a minute more; false where another execution has it now. */
export async function keepTurn(tx: EntityManager, reader: FeedReader, holder: string): Promise<boolean> {
  const rows = await tx.execute<{ reader: string }[]>(
    `update catalog_feeds set held_until = now() + make_interval(secs => ?) where reader = ? and holder = ? returning reader`,
    [leaseSeconds, reader, holder],
  );
  return rows.length > 0;
}

export async function giveTurnBack(em: EntityManager, reader: FeedReader, holder: string): Promise<void> {
  await em.execute(`update catalog_feeds set holder = null, held_until = null where reader = ? and holder = ?`, [
    reader,
    holder,
  ]);
}

/** Whether the reader's counts are due to be compared by the clock, which this call notes; once in ten minutes. */
export async function comparisonDue(em: EntityManager, reader: FeedReader): Promise<boolean> {
  const rows = await em.execute<{ reader: string }[]>(
    `update catalog_feeds set compared_at = now() where reader = ? and (compared_at is null or compared_at < now() - interval '10 minutes') returning reader`,
    [reader],
  );
  return rows.length > 0;
}
