import type { FeedPosition } from '../../domain/graph-sync';
import { coversAll, parseSnapshot } from '../../domain/transaction-snapshot';
import type { EntityManager } from './orm';

export type ChangedKind = 'artist' | 'album' | 'track' | 'recording';

/** What was committed since the snapshot `from` (ever, if null), and by the snapshot `until` (by now, if null). */
export interface ChangedRange {
  from: string | null;
  until: string | null;
}

/** A sync that takes longer than this over one batch has lost its turn, in seconds; a write to the graph ends well before. */
const leaseSeconds = 60;

const mostKept = 1_000_000;

/**
 * Gives a sync its turn, unless another one has it: null then. What is committed after `now` is left to the next sync, and
 * nothing waits for transactions that are still open.
 */
export async function takeTurn(em: EntityManager, syncId: string): Promise<FeedPosition | null> {
  const [row] = await em.execute<{ catalog_id: string; forgotten: string; now: string }[]>(
    `update graph_feed set holder = ?, held_until = now() + make_interval(secs => ?), catalog_id = coalesce(catalog_id, gen_random_uuid())
     where id = 1 and (holder is null or holder = ? or held_until < now())
     returning catalog_id, forgotten::text, pg_current_snapshot()::text as now`,
    [syncId, leaseSeconds, syncId],
  );
  return row ? { catalogId: row.catalog_id, forgotten: row.forgotten, now: row.now } : null;
}

/** Tells this catalog from any other. Throws before the first sync took its turn. */
export async function catalogIdOf(em: EntityManager): Promise<string> {
  const [row] = await em.execute<{ catalog_id: string | null }[]>(`select catalog_id from graph_feed where id = 1`);
  if (!row?.catalog_id) throw new Error('The catalog has no id yet.');
  return row.catalog_id;
}

/** Keeps the turn while this transaction lasts, and a minute more; false where another sync has it now. */
export async function keepTurn(tx: EntityManager, syncId: string): Promise<boolean> {
  const rows = await tx.execute<{ id: number }[]>(
    `update graph_feed set held_until = now() + make_interval(secs => ?) where id = 1 and holder = ? returning id`,
    [leaseSeconds, syncId],
  );
  return rows.length > 0;
}

export async function giveTurnBack(em: EntityManager, syncId: string): Promise<void> {
  await em.execute(`update graph_feed set holder = null, held_until = null where id = 1 and holder = ?`, [syncId]);
}

/** Whether `graph_changes.txid` is in a range; bound to its `from` three times and its `until` three times. */
const inRange = `(?::text is null or (txid >= pg_snapshot_xmin(?::pg_snapshot) and not pg_visible_in_snapshot(txid, ?::pg_snapshot)))
  and (?::text is null or (txid < pg_snapshot_xmax(?::pg_snapshot) and pg_visible_in_snapshot(txid, ?::pg_snapshot)))`;
const rangeValues = ({ from, until }: ChangedRange) => [from, from, from, until, until, until];

/** Ids of one kind that changed, each once, in their order, after one of them. */
export async function changedIds(
  em: EntityManager,
  { kind, after, limit, ...range }: ChangedRange & { kind: ChangedKind; after: string | null; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select distinct subject_id as id from graph_changes where kind = ? and (?::uuid is null or subject_id > ?::uuid) and ${inRange}
     order by 1 limit ?`,
    [kind, after, after, ...rangeValues(range), limit],
  );
  return rows.map(({ id }) => id);
}

/** How many artists, albums, tracks and imported recordings changed in a range. */
export async function countChanged(em: EntityManager, range: ChangedRange): Promise<number> {
  const [row] = await em.execute<{ n: number }[]>(
    `select count(distinct (kind, subject_id))::int as n from graph_changes where ${inRange}`,
    rangeValues(range),
  );
  return row?.n ?? 0;
}

/** Forgets what was committed at a snapshot, unless more is forgotten already. */
export async function forgetChanges(tx: EntityManager, until: string): Promise<void> {
  const [row] = await tx.execute<{ forgotten: string }[]>(
    `select forgotten::text from graph_feed where id = 1 for update`,
  );
  if (!row || !coversAll(parseSnapshot(until), parseSnapshot(row.forgotten))) return;
  await tx.execute(`update graph_feed set forgotten = ?::pg_snapshot where id = 1`, [until]);
  await tx.execute(`delete from graph_changes where pg_visible_in_snapshot(txid, ?::pg_snapshot)`, [until]);
}

/** Where the graph is away for long, changes are not gathered without end: beyond this many it is made anew instead. */
export async function forgetTooMany(em: EntityManager): Promise<void> {
  await em.transactional(async (tx) => {
    const [row] = await tx.execute<{ now: string | null }[]>(
      `select case when (select count(*) from (select from graph_changes limit ?) as kept) = ? then pg_current_snapshot()::text end as now`,
      [mostKept, mostKept],
    );
    if (row?.now) await forgetChanges(tx, row.now);
  });
}

/** Whether the counts are due to be compared by the clock, which this call notes; once in ten minutes. */
export async function comparisonDue(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<{ id: number }[]>(
    `update graph_feed set compared_at = now() where id = 1 and (compared_at is null or compared_at < now() - interval '10 minutes') returning id`,
  );
  return rows.length > 0;
}
