import { DomainError } from '../../domain/errors';
import { offenseMeasureDenial, takesEffect } from '../../domain/offense-measures';
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

/**
 * Decisions about an offense: `approve` means that its sources were found to support it, all that it has by then. Throws DomainError
 * `evidence_missing` and `measure_not_possible` where a measure does not fit how it stands.
 */
export const offenseSubject: DecidedSubject = {
  measures: ['approve', 'reject', 'request_changes', 'restrict'],

  /** Whoever gave one of its sources is no independent judge of them either. */
  async hold(tx, subjectId) {
    const offense = await holdOffense(tx, subjectId);
    if (!offense) return null;
    const givers = await tx.execute<{ userId: string }[]>(
      `select distinct user_id as "userId" from offense_evidence where offense_id = ? and user_id is not null`,
      [subjectId],
    );
    const people = new Set([offense.userId, ...givers.map(({ userId }) => userId)].filter((id) => id !== null));
    return { concerned: [...people].map((userId) => ({ userId, capacity: 'submitter' as const })) };
  },

  async carryOut(tx, { decisionId, subjectId, measure, until }) {
    const before = await heldOffense(tx, subjectId);
    const { status, restrictedUntil } = before;
    const code = offenseMeasureDenial(measure, { status, ...(await countEvidence(tx, subjectId)) });
    if (code) throw new DomainError(code, { params: { measure, status } });
    if (measure === 'approve') await approve(tx, subjectId, status);
    if (measure === 'reject') await setStatus(tx, subjectId, 'rejected');
    if (measure === 'restrict')
      await tx.execute(`update offenses set restricted_until = ?, version = version + 1 where id = ?`, [
        until,
        subjectId,
      ]);
    if (measure === 'reject' || measure === 'restrict') await withdraw(tx, subjectId, before, decisionId);
    return { status, restrictedUntil };
  },

  async takeBack(tx, { decisionId, subjectId, measure }) {
    const before = await heldOffense(tx, subjectId);
    if (measure === 'approve') {
      await setStatus(tx, subjectId, 'rejected');
      await withdraw(tx, subjectId, before, decisionId);
    }
    if (measure === 'reject') await approve(tx, subjectId, before.status);
    if (measure === 'restrict') await restrictByOthers(tx, subjectId, decisionId);
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

/** With all its sources. What is contested stays so: only the end of the appeals ends that. */
async function approve(tx: EntityManager, id: string, before: OffenseStatus): Promise<void> {
  await setStatus(tx, id, before === 'contested' ? 'contested' : 'sources_verified');
  await tx.execute(`update offense_evidence set reviewed_at = now() where offense_id = ? and reviewed_at is null`, [
    id,
  ]);
}

/** Until when another decision that stands keeps it from taking effect; the latest one counts. */
async function restrictByOthers(tx: EntityManager, id: string, decisionId: string): Promise<void> {
  await tx.execute(
    `update offenses set version = version + 1, restricted_until = (
       select d.until from decisions d where d.subject_type = 'offense' and d.subject_id = offenses.id and d.measure = 'restrict'
         and d.id <> ? and d.reversed_at is null and d.ended_at is null order by d.decided_at desc, d.id desc limit 1)
     where id = ?`,
    [decisionId, id],
  );
}

async function countEvidence(tx: EntityManager, id: string): Promise<{ evidence: number; unreviewed: number }> {
  const [row] = await tx.execute<{ evidence: number; unreviewed: number }[]>(
    `select count(*)::int as evidence, count(*) filter (where reviewed_at is null)::int as unreviewed from offense_evidence where offense_id = ?`,
    [id],
  );
  return row ?? { evidence: 0, unreviewed: 0 };
}

const sourceOf = (offenseId: string, { category }: HeldOffense) => ({ kind: 'category' as const, category, offenseId });

/** What is not verified blocks nobody, and has nothing to withdraw. */
async function withdraw(tx: EntityManager, id: string, before: HeldOffense, decisionId: string): Promise<void> {
  if (!takesEffect(before.status)) return;
  await withdrawSource(tx, { source: sourceOf(id, before), artistIds: [before.artistId], decisionId });
}

async function setStatus(tx: EntityManager, id: string, status: OffenseStatus): Promise<void> {
  await tx.execute(
    `update offenses set decided_at = case when status = ? then decided_at else now() end, status = ?, version = version + 1 where id = ?`,
    [status, status, id],
  );
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
