import type { OffenseStatus } from '../../domain/offenses';
import type { DecidedSubject } from './decided-subjects';
import type { EntityManager } from './orm';
import { loosenSource, withdrawSource } from './source-changes';

interface HeldOffense {
  userId: string | null;
  artistId: string;
  category: string;
  status: OffenseStatus;
  restrictedUntil: string | null;
}

/** Decisions about an offense: `approve` means that its sources were found to support it. */
export const offenseSubject: DecidedSubject = {
  measures: ['approve', 'reject', 'request_changes', 'restrict'],

  async hold(tx, subjectId) {
    const offense = await holdOffense(tx, subjectId);
    if (!offense) return null;
    return { concerned: offense.userId ? [{ userId: offense.userId, capacity: 'submitter' }] : [] };
  },

  async carryOut(tx, { decisionId, subjectId, measure, until }) {
    const before = await heldOffense(tx, subjectId);
    if (measure === 'approve') await setStatus(tx, subjectId, 'sources_verified');
    if (measure === 'reject') await setStatus(tx, subjectId, 'rejected');
    if (measure === 'restrict')
      await tx.execute(`update offenses set restricted_until = ?, version = version + 1 where id = ?`, [
        until,
        subjectId,
      ]);
    if (measure === 'reject' || measure === 'restrict') await withdraw(tx, subjectId, before, decisionId);
    return { status: before.status, restrictedUntil: before.restrictedUntil };
  },

  async takeBack(tx, { decisionId, subjectId, measure, previous }) {
    const before = await heldOffense(tx, subjectId);
    if (measure === 'approve') {
      await setStatus(tx, subjectId, 'rejected');
      await withdraw(tx, subjectId, before, decisionId);
    }
    if (measure === 'reject') await setStatus(tx, subjectId, 'sources_verified');
    if (measure === 'restrict')
      await tx.execute(`update offenses set restricted_until = ?, version = version + 1 where id = ?`, [
        previous.restrictedUntil ?? null,
        subjectId,
      ]);
  },

  async contest(tx, subjectId, contested) {
    const before = await heldOffense(tx, subjectId);
    if (contested && before.status === 'sources_verified') {
      await setStatus(tx, subjectId, 'contested');
      await loosenSource(tx, sourceOf(subjectId, before), [before.artistId], 'offense_contested');
    }
    if (!contested && before.status === 'contested') await setStatus(tx, subjectId, 'sources_verified');
  },
};

const sourceOf = (offenseId: string, { category }: HeldOffense) => ({ kind: 'category' as const, category, offenseId });

/** What is not verified blocks nobody, and has nothing to withdraw. */
async function withdraw(tx: EntityManager, id: string, before: HeldOffense, decisionId: string): Promise<void> {
  if (before.status !== 'sources_verified' && before.status !== 'contested') return;
  await withdrawSource(tx, { source: sourceOf(id, before), artistIds: [before.artistId], decisionId });
}

async function setStatus(tx: EntityManager, id: string, status: OffenseStatus): Promise<void> {
  await tx.execute(`update offenses set status = ?, decided_at = now(), version = version + 1 where id = ?`, [
    status,
    id,
  ]);
}

async function heldOffense(tx: EntityManager, id: string): Promise<HeldOffense> {
  const offense = await holdOffense(tx, id);
  if (!offense) throw new Error('The offense was there a moment ago.');
  return offense;
}

async function holdOffense(tx: EntityManager, id: string): Promise<HeldOffense | null> {
  const [row] = await tx.execute<HeldOffense[]>(
    `select user_id as "userId", artist_id as "artistId", category, status, restricted_until as "restrictedUntil"
     from offenses where id = ? for update`,
    [id],
  );
  return row ?? null;
}
