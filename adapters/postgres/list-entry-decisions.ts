import type { DecidedSubject } from './decided-subjects';
import { concernedBy } from './list-decisions';
import type { EntityManager } from './orm';
import { withdrawSource } from './source-changes';

interface HeldEntry {
  listId: string;
  artistId: string;
  withdrawnAt: string | null;
  restrictedUntil: string | null;
  /** Whether a version has it that counts for somebody. */
  counts: boolean;
}

/**
 * Decisions about one artist on one list, in whatever versions: `reject` takes them off all of them and keeps them off the next ones,
 * `restrict` until a date. Where a merge made one artist of two entries, both follow.
 */
export const listEntrySubject: DecidedSubject = {
  measures: ['approve', 'reject', 'restrict'],

  async hold(tx, id) {
    const entry = await holdEntry(tx, id);
    return entry ? { concerned: await concernedBy(tx, entry.listId) } : null;
  },

  async carryOut(tx, { decisionId, subjectId, measure, until }) {
    const before = await heldEntry(tx, subjectId);
    if (measure === 'approve') await set(tx, before, { withdrawnAt: null, restrictedUntil: null });
    if (measure === 'reject') await takeOff(tx, before, decisionId);
    if (measure === 'restrict') {
      const restrictedUntil = until?.toISOString() ?? null;
      await set(tx, before, { withdrawnAt: before.withdrawnAt, restrictedUntil });
      await withdraw(tx, before, decisionId);
    }
    return { withdrawnAt: before.withdrawnAt, restrictedUntil: before.restrictedUntil };
  },

  async takeBack(tx, { decisionId, subjectId, measure, previous }) {
    const before = await heldEntry(tx, subjectId);
    if (measure === 'approve') await takeOff(tx, before, decisionId);
    if (measure === 'reject') await set(tx, before, { withdrawnAt: null, restrictedUntil: before.restrictedUntil });
    if (measure === 'restrict')
      await set(tx, before, { withdrawnAt: before.withdrawnAt, restrictedUntil: previous.restrictedUntil ?? null });
  },
};

async function takeOff(tx: EntityManager, entry: HeldEntry, decisionId: string): Promise<void> {
  await set(tx, entry, { withdrawnAt: 'now', restrictedUntil: entry.restrictedUntil });
  await withdraw(tx, entry, decisionId);
}

/** Who is off the list already, or was on none that counts, has nothing to withdraw. */
async function withdraw(
  tx: EntityManager,
  { listId, artistId, withdrawnAt, counts }: HeldEntry,
  decisionId: string,
): Promise<void> {
  if (withdrawnAt !== null || !counts) return;
  await withdrawSource(tx, { source: { kind: 'list', listId }, artistIds: [artistId], decisionId });
}

/** Moments as PostgreSQL reads them; `now` is the database's. */
async function set(
  tx: EntityManager,
  { listId, artistId }: HeldEntry,
  { withdrawnAt, restrictedUntil }: { withdrawnAt: string | null; restrictedUntil: string | null },
): Promise<void> {
  await tx.execute(
    `update list_entries set withdrawn_at = ?::timestamptz, restricted_until = ?::timestamptz where list_id = ? and artist_id = ?`,
    [withdrawnAt, restrictedUntil, listId, artistId],
  );
}

async function heldEntry(tx: EntityManager, id: string): Promise<HeldEntry> {
  const entry = await holdEntry(tx, id);
  if (!entry) throw new Error('The entry was there a moment ago.');
  return entry;
}

/** Its list first, as whoever publishes does. */
async function holdEntry(tx: EntityManager, id: string): Promise<HeldEntry | null> {
  await tx.execute(
    `select id from community_lists where id = (select list_id from list_entries where id = ?) for no key update`,
    [id],
  );
  const [row] = await tx.execute<HeldEntry[]>(
    `select e.list_id as "listId", e.artist_id as "artistId", e.withdrawn_at as "withdrawnAt", e.restricted_until as "restrictedUntil",
       exists (select from list_version_entries ve join list_versions v on v.id = ve.version_id where ve.entry_id = e.id and v.state = 'published') as counts
     from list_entries e join community_lists l on l.id = e.list_id where e.id = ? for update of e`,
    [id],
  );
  return row ?? null;
}
