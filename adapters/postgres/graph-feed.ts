import type { FeedPosition } from '../../domain/graph-sync';
import type { EntityManager } from './orm';

export type ChangedKind = 'artist' | 'album' | 'track';

/** Changes by transactions from `from` on and before `until`; both are numbers of transactions. */
export interface ChangedRange {
  from: bigint;
  until: bigint;
}

/** A sync that takes longer than this over one batch has lost its turn, in seconds; a write to the graph ends well before. */
const leaseSeconds = 60;

const mostKept = 1_000_000;

/**
 * Gives a sync its turn, unless another one has it: null then. `until`: every transaction before it has ended, so that what
 * it changed can be seen. One that is still open is left to the next sync, whatever came after it too.
 */
export async function takeTurn(em: EntityManager, syncId: string): Promise<FeedPosition | null> {
  const [row] = await em.execute<{ catalog_id: string; floor: string; until: string }[]>(
    `update graph_feed set holder = ?, held_until = now() + make_interval(secs => ?), catalog_id = coalesce(catalog_id, gen_random_uuid())
     where id = 1 and (holder is null or holder = ? or held_until < now())
     returning catalog_id, floor::text, pg_snapshot_xmin(pg_current_snapshot())::text as until`,
    [syncId, leaseSeconds, syncId],
  );
  return row ? { catalogId: row.catalog_id, floor: BigInt(row.floor), until: BigInt(row.until) } : null;
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

/** Ids of one kind that changed, each once, in their order, after one of them. */
export async function changedIds(
  em: EntityManager,
  { kind, from, until, after, limit }: ChangedRange & { kind: ChangedKind; after: string | null; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select distinct subject_id as id from graph_changes where txid >= ?::xid8 and txid < ?::xid8 and kind = ?
       and (?::uuid is null or subject_id > ?::uuid) order by 1 limit ?`,
    [String(from), String(until), kind, after, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** How many artists, albums and tracks changed from a transaction on; also by transactions that others still run beside. */
export async function countChanged(
  em: EntityManager,
  { from, until }: { from: bigint; until: bigint | null },
): Promise<number> {
  const [row] = await em.execute<{ n: number }[]>(
    `select count(distinct (kind, subject_id))::int as n from graph_changes where txid >= ?::xid8 and (?::xid8 is null or txid < ?::xid8)`,
    [String(from), until === null ? null : String(until), until === null ? null : String(until)],
  );
  return row?.n ?? 0;
}

/** Forgets changes that are in the graph. */
export async function forgetChanges(em: EntityManager, until: bigint): Promise<void> {
  await em.execute(`delete from graph_changes where txid < ?::xid8`, [String(until)]);
  await em.execute(`update graph_feed set floor = greatest(floor, ?::xid8) where id = 1`, [String(until)]);
}

/** Where the graph is away for long, changes are not gathered without end: beyond this many it is made anew instead. */
export async function forgetTooMany(em: EntityManager): Promise<void> {
  const [row] = await em.execute<{ until: string | null }[]>(
    `select case when (select count(*) from (select from graph_changes limit ?) as kept) = ? then pg_snapshot_xmin(pg_current_snapshot())::text end as until`,
    [mostKept, mostKept],
  );
  if (row?.until) await forgetChanges(em, BigInt(row.until));
}

/** Whether the counts are due to be compared by the clock, which this call notes; once in ten minutes. */
export async function comparisonDue(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<{ id: number }[]>(
    `update graph_feed set compared_at = now() where id = 1 and (compared_at is null or compared_at < now() - interval '10 minutes') returning id`,
  );
  return rows.length > 0;
}
