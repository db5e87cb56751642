import { type ChangedKind, type FeedReader, kindsRead } from '../../domain/catalog-feed';
import { coversAll, parseSnapshot } from '../../domain/transaction-snapshot';
import type { EntityManager } from './orm';

/** What was committed since the snapshot `from` (ever, if null), and by the snapshot `until` (by now, if null). */
export interface ChangedRange {
  from: string | null;
  until: string | null;
}

/** A page of ids in their order, after one of them. */
interface Page {
  after: string | null;
  limit: number;
}

const mostKept = 1_000_000;

/** Any number that nothing else locks. */
const forgettingLock = 7_011_961;

const marks = (kinds: readonly ChangedKind[]) => kinds.map(() => '?').join(', ');

/** Which changes are of some kinds and in a range, with what is bound to that. */
function changesIn(kinds: readonly ChangedKind[], { from, until }: ChangedRange) {
  return {
    chosen: `kind in (${marks(kinds)})
      and (?::text is null or (txid >= pg_snapshot_xmin(?::pg_snapshot) and not pg_visible_in_snapshot(txid, ?::pg_snapshot)))
      and (?::text is null or (txid < pg_snapshot_xmax(?::pg_snapshot) and pg_visible_in_snapshot(txid, ?::pg_snapshot)))`,
    values: [...kinds, from, from, from, until, until, until],
  };
}

/** Ids of whatever changed in one of these ways, each once. */
export async function changedIds(
  em: EntityManager,
  { kinds, after, limit, ...range }: ChangedRange & Page & { kinds: readonly ChangedKind[] },
): Promise<string[]> {
  const { chosen, values } = changesIn(kinds, range);
  const rows = await em.execute<{ id: string }[]>(
    `select distinct subject_id as id from catalog_changes where ${chosen} and (?::uuid is null or subject_id > ?::uuid) order by 1 limit ?`,
    [...values, after, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** Artists that are there, and of whom something changed that tells who they are, also by their tracks; each once. */
export async function changedArtists(
  em: EntityManager,
  { after, limit, ...range }: ChangedRange & Page,
): Promise<string[]> {
  const { chosen, values } = changesIn(kindsRead.links, range);
  const rows = await em.execute<{ id: string }[]>(
    `with changes as materialized (select kind, subject_id from catalog_changes where ${chosen})
     select distinct id from (
       select subject_id as id from changes where kind in ('artist', 'aliases')
       union all select x.artist_id from changes c join track_artists x on x.track_id = c.subject_id where c.kind = 'track') changed join artists using (id)
     where ?::uuid is null or id > ?::uuid order by id limit ?`,
    [...values, after, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** How much changed in a range that the reader takes over. */
export async function countChanged(
  em: EntityManager,
  reader: FeedReader,
  range: ChangedRange,
  kinds: readonly ChangedKind[] = kindsRead[reader],
): Promise<number> {
  const { chosen, values } = changesIn(kinds, range);
  const [row] = await em.execute<{ n: number }[]>(
    `select count(distinct (kind, subject_id))::int as n from catalog_changes where ${chosen}`,
    values,
  );
  return row?.n ?? 0;
}

/** Readers no longer ask for what was committed at a snapshot; what none asks for any more is forgotten. */
export async function forgetChanges(
  tx: EntityManager,
  readers: readonly [FeedReader, ...FeedReader[]],
  until: string,
): Promise<void> {
  for (const reader of readers) {
    const [row] = await tx.execute<{ forgotten: string }[]>(
      `select forgotten::text from catalog_feeds where reader = ? for update`,
      [reader],
    );
    if (row && coversAll(parseSnapshot(until), parseSnapshot(row.forgotten)))
      await tx.execute(`update catalog_feeds set forgotten = ?::pg_snapshot where reader = ?`, [until, reader]);
  }
  // Two at once would each leave what the other has not committed yet, or take the same rows out and wait for each other.
  await tx.execute(`select pg_advisory_xact_lock(?)`, [forgettingLock]);
  const feeds = await tx.execute<{ reader: FeedReader; forgotten: string }[]>(
    `select reader, forgotten::text from catalog_feeds`,
  );
  const unasked = feeds.map(
    ({ reader }) => `(kind not in (${marks(kindsRead[reader])}) or pg_visible_in_snapshot(txid, ?::pg_snapshot))`,
  );
  await tx.execute(
    `delete from catalog_changes where ${unasked.join(' and ')}`,
    feeds.flatMap(({ reader, forgotten }) => [...kindsRead[reader], forgotten]),
  );
}

/** Where a reader cannot work for long, changes are not gathered without end: beyond this many it looks at everything instead. */
export async function forgetTooMany(tx: EntityManager, reader: FeedReader): Promise<void> {
  const [row] = await tx.execute<{ forgotten: string; now: string }[]>(
    `select forgotten::text, pg_current_snapshot()::text as now from catalog_feeds where reader = ?`,
    [reader],
  );
  if (!row) return;
  const { chosen, values } = changesIn(kindsRead[reader], { from: row.forgotten, until: row.now });
  const [kept] = await tx.execute<{ n: number }[]>(
    `select count(*)::int as n from (select from catalog_changes where ${chosen} limit ?) as kept`,
    [...values, mostKept],
  );
  if (!kept || kept.n < mostKept) return;
  // Whoever is in the middle of taking that over must not call it taken.
  await tx.execute(
    `update catalog_feeds set watermark = null, looking_until = null, look = null, look_after = null, holder = null, held_until = null
     where reader = ?`,
    [reader],
  );
  await forgetChanges(tx, [reader], row.now);
}
