import type { ListVisibility } from '../../domain/community-lists';
import type { ConcernedPerson, DecidedSubject, PreviousState } from './decided-subjects';
import { artistsEverPublished } from './list-versions';
import { isRestricted, keepersOf } from './lists';
import type { EntityManager } from './orm';
import { withdrawSource } from './source-changes';

interface HeldList {
  visibility: ListVisibility;
  askedVisibility: ListVisibility | null;
  latestVersion: number | null;
  newestVersion: number;
  restrictedAt: string | null;
  restrictedUntil: string | null;
  /** Whether it takes no effect now. */
  restricted: boolean;
}

/**
 * Decisions about a whole list: what it says about itself, or whether a private one is opened. `approve` opens it where that is asked,
 * and lifts what kept it from taking effect; `reject` leaves it private, or keeps it from taking effect for good.
 */
export const listSubject: DecidedSubject = {
  measures: ['approve', 'reject', 'request_changes', 'restrict'],

  async hold(tx, listId) {
    const list = await holdRow(tx, listId);
    return list ? { concerned: await concernedBy(tx, listId) } : null;
  },

  async carryOut(tx, { decisionId, subjectId, measure, until }) {
    const before = await rowOf(tx, subjectId);
    if (measure === 'approve') {
      await open(tx, subjectId, before);
      await setRestriction(tx, subjectId, null, null);
    }
    if (measure === 'reject' && before.askedVisibility !== null) await leavePrivate(tx, subjectId);
    else if (measure === 'reject') await restrict(tx, subjectId, { before, until: null, decisionId });
    if (measure === 'restrict') await restrict(tx, subjectId, { before, until, decisionId });
    return {
      visibility: before.visibility,
      askedVisibility: before.askedVisibility,
      restrictedAt: before.restrictedAt,
      restrictedUntil: before.restrictedUntil,
    };
  },

  async takeBack(tx, { decisionId, subjectId, measure, previous }) {
    const before = await rowOf(tx, subjectId);
    if (measure === 'approve') await restrict(tx, subjectId, { before, until: null, decisionId });
    if (measure === 'reject' && previous.askedVisibility)
      await open(tx, subjectId, { ...before, askedVisibility: previous.askedVisibility as ListVisibility });
    else if (measure === 'reject' || measure === 'restrict') await asBefore(tx, subjectId, previous);
  },
};

/** Whose a list is: they are told of decisions about it, and take none. */
export async function concernedBy(tx: EntityManager, listId: string): Promise<ConcernedPerson[]> {
  return (await keepersOf(tx, listId)).map((userId) => ({ userId, capacity: 'owner' }));
}

/** From the version that counts on; none of the earlier ones was looked at. */
async function open(tx: EntityManager, listId: string, list: HeldList): Promise<void> {
  if (list.visibility !== 'private' || list.askedVisibility === null) return;
  await tx.execute(
    `update community_lists set visibility = ?, asked_visibility = null, open_from = ?, version = version + 1 where id = ?`,
    [list.askedVisibility, list.latestVersion ?? list.newestVersion + 1, listId],
  );
}

async function leavePrivate(tx: EntityManager, listId: string): Promise<void> {
  await tx.execute(`update community_lists set asked_visibility = null, version = version + 1 where id = ?`, [listId]);
}

async function restrict(
  tx: EntityManager,
  listId: string,
  { before, until, decisionId }: { before: HeldList; until: Date | null; decisionId: string },
): Promise<void> {
  await setRestriction(tx, listId, 'now', until?.toISOString() ?? null);
  if (before.restricted) return;
  const artistIds = await artistsEverPublished(tx, listId);
  await withdrawSource(tx, { source: { kind: 'list', listId }, artistIds, decisionId });
}

const asBefore = (tx: EntityManager, listId: string, { restrictedAt, restrictedUntil }: PreviousState) =>
  setRestriction(tx, listId, restrictedAt ?? null, restrictedUntil ?? null);

/** Moments as PostgreSQL reads them; `now` is the database's. */
async function setRestriction(
  tx: EntityManager,
  listId: string,
  at: string | null,
  until: string | null,
): Promise<void> {
  await tx.execute(
    `update community_lists set restricted_at = ?::timestamptz, restricted_until = ?::timestamptz, version = version + 1 where id = ?`,
    [at, until, listId],
  );
}

async function rowOf(tx: EntityManager, listId: string): Promise<HeldList> {
  const list = await holdRow(tx, listId);
  if (!list) throw new Error('The list was there a moment ago.');
  return list;
}

async function holdRow(tx: EntityManager, listId: string): Promise<HeldList | null> {
  const [row] = await tx.execute<HeldList[]>(
    `select l.visibility, l.asked_visibility as "askedVisibility", l.latest_version as "latestVersion",
       coalesce((select max(number) from list_versions v where v.list_id = l.id), 0)::int as "newestVersion",
       l.restricted_at as "restrictedAt", l.restricted_until as "restrictedUntil", ${isRestricted} as restricted
     from community_lists l where l.id = ? for no key update`,
    [listId],
  );
  return row ?? null;
}
