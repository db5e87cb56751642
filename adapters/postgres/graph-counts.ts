import { kindsRead } from '../../domain/catalog-feed';
import type { GraphCounts } from '../../domain/graph-sync';
import { coversAll, parseSnapshot } from '../../domain/transaction-snapshot';
import { countCatalog } from './graph-rows';
import { oneMoment, type EntityManager } from './orm';

/** What the graph should hold, and when that was counted. */
export interface CountedCatalog {
  /** Null where the catalog has changed since. */
  counts: GraphCounts | null;
  /** Null where it never was. */
  countedAt: Date | null;
}

/** To count takes a look at every credit: however often it is asked for, that is done once in so many seconds. */
const countedEvery = 60;

/**
 * What the graph should hold, as it was counted last; counted now where that no longer holds and nobody has begun to lately. What
 * changes after the counting is noted in `catalog_changes`, and what that no longer knows of is in `forgotten`.
 */
export async function countedCatalog(em: EntityManager): Promise<CountedCatalog> {
  const kept = await keptCounts(em);
  if (kept.counts !== null || !(await beginCounting(em))) return kept;
  const { counts, countedIn, now } = await oneMoment(em, async (tx) => {
    // The first statement of the transaction says which moment it sees.
    const [moment] = await tx.execute<{ countedIn: string; now: string }[]>(
      `select pg_current_snapshot()::text as "countedIn", clock_timestamp() as now`,
    );
    if (!moment) throw new Error('PostgreSQL told no moment.');
    return { ...moment, counts: await countCatalog(tx) };
  });
  await em.execute(
    `update graph_counts set counts = ?::jsonb, counted_in = ?::pg_snapshot, counted_at = ? where id = 1 and (counted_at is null or counted_at < ?)`,
    [JSON.stringify(counts), countedIn, now, now],
  );
  return { counts, countedAt: new Date(now) };
}

interface Kept {
  counts: GraphCounts | null;
  countedAt: string | null;
  countedIn: string | null;
  forgotten: string;
  changed: boolean;
}

async function keptCounts(em: EntityManager): Promise<CountedCatalog> {
  const [kept] = await em.execute<Kept[]>(
    `select c.counts, c.counted_at as "countedAt", c.counted_in::text as "countedIn", f.forgotten::text as forgotten,
       exists (select from catalog_changes g where g.kind in (select jsonb_array_elements_text(?::jsonb))
         and g.txid >= pg_snapshot_xmin(c.counted_in) and not pg_visible_in_snapshot(g.txid, c.counted_in)) as changed
     from graph_counts c, catalog_feeds f where c.id = 1 and f.reader = 'graph'`,
    [JSON.stringify(kindsRead.graph)],
  );
  if (!kept?.countedAt || !kept.countedIn) return { counts: null, countedAt: null };
  const holds = !kept.changed && coversAll(parseSnapshot(kept.countedIn), parseSnapshot(kept.forgotten));
  return { counts: holds ? kept.counts : null, countedAt: new Date(kept.countedAt) };
}

/** Whether counting is this caller's to do. */
async function beginCounting(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<{ id: number }[]>(
    `update graph_counts set begun_at = now() where id = 1 and (begun_at is null or begun_at < now() - make_interval(secs => ?)) returning id`,
    [countedEvery],
  );
  return rows.length > 0;
}
