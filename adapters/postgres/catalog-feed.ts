import type { ChangedKind, FeedPosition, FeedReader } from '../../domain/catalog-feed';
import type { EntityManager } from './orm';

/** Changes by transactions from `from` on and before `until`; both are numbers of transactions. */
export interface ChangedRange {
  from: bigint;
  until: bigint;
}

/** What each reader takes over. */
const kindsFor: Readonly<Record<FeedReader, readonly ChangedKind[]>> = {
  index: ['artist', 'aliases', 'genres'],
  links: ['artist', 'aliases', 'track'],
};

/** A reader that takes longer than this over one batch has lost its turn, in seconds. */
const leaseSeconds = 60;

/**
 * Gives one of a reader's executions its turn, unless another one has it: null then. `until`: every transaction before it has
 * ended, so that what it changed can be seen. One that is still open is left to the next, whatever came after it too.
 */
export async function takeTurn(em: EntityManager, reader: FeedReader, holder: string): Promise<FeedPosition | null> {
  const [row] = await em.execute<{ catalog_id: string; floor: string; until: string }[]>(
    `update catalog_feeds set holder = ?, held_until = now() + make_interval(secs => ?), catalog_id = coalesce(catalog_id, gen_random_uuid())
     where reader = ? and (holder is null or holder = ? or held_until < now())
     returning catalog_id, floor::text, pg_snapshot_xmin(pg_current_snapshot())::text as until`,
    [holder, leaseSeconds, reader, holder],
  );
  return row ? { catalogId: row.catalog_id, floor: BigInt(row.floor), until: BigInt(row.until) } : null;
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

/** Ids that changed in one of these ways, each once, in their order, after one of them. */
export async function changedIds(
  em: EntityManager,
  {
    kinds,
    from,
    until,
    after,
    limit,
  }: ChangedRange & { kinds: readonly ChangedKind[]; after: string | null; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select distinct subject_id as id from catalog_changes where txid >= ?::xid8 and txid < ?::xid8
       and kind in (select jsonb_array_elements_text(?::jsonb)) and (?::uuid is null or subject_id > ?::uuid) order by 1 limit ?`,
    [String(from), String(until), JSON.stringify(kinds), after, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Artists that are there, and of whom something changed that tells who they are, also by their tracks; each once, in their order, after one of them. */
export async function changedArtists(
  em: EntityManager,
  { from, until, after, limit }: ChangedRange & { after: string | null; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with changes as materialized (select kind, subject_id from catalog_changes where txid >= ?::xid8 and txid < ?::xid8)
     select distinct id from (
       select subject_id as id from changes where kind in ('artist', 'aliases')
       union all select x.artist_id from changes c join track_artists x on x.track_id = c.subject_id where c.kind = 'track') changed join artists using (id)
     where ?::uuid is null or id > ?::uuid order by id limit ?`,
    [String(from), String(until), after, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Up to where a reader has taken changes over, where it keeps that here alone. */
export async function floorOf(em: EntityManager, reader: FeedReader): Promise<bigint> {
  const [row] = await em.execute<{ floor: string }[]>(`select floor::text from catalog_feeds where reader = ?`, [
    reader,
  ]);
  return BigInt(row?.floor ?? 0);
}

/** How much changed from a transaction on that the reader takes over; without an end also by transactions that others still run beside. */
export async function countChanged(
  em: EntityManager,
  reader: FeedReader,
  { from, until }: { from: bigint; until: bigint | null },
  kinds = kindsFor[reader],
): Promise<number> {
  const [row] = await em.execute<{ n: number }[]>(
    `select count(distinct (kind, subject_id))::int as n from catalog_changes where txid >= ?::xid8 and (?::xid8 is null or txid < ?::xid8)
       and kind in (select jsonb_array_elements_text(?::jsonb))`,
    [String(from), until === null ? null : String(until), until === null ? null : String(until), JSON.stringify(kinds)],
  );
  return row?.n ?? 0;
}

/** A reader has taken over what came before; changes go once every reader has. */
export async function forgetChanges(em: EntityManager, reader: FeedReader, until: bigint): Promise<void> {
  await em.execute(`update catalog_feeds set floor = greatest(floor, ?::xid8) where reader = ?`, [
    String(until),
    reader,
  ]);
  await em.execute(`delete from catalog_changes where txid < (select min(floor) from catalog_feeds)`);
}

/** Whether the reader's counts are due to be compared by the clock, which this call notes; once in ten minutes. */
export async function comparisonDue(em: EntityManager, reader: FeedReader): Promise<boolean> {
  const rows = await em.execute<{ reader: string }[]>(
    `update catalog_feeds set compared_at = now() where reader = ? and (compared_at is null or compared_at < now() - interval '10 minutes') returning reader`,
    [reader],
  );
  return rows.length > 0;
}
