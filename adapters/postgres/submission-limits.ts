import { DomainError } from '../../domain/errors';
import { type SubmissionLimits, submissionLimit } from '../../domain/submission-limits';
import { audit } from './audit';
import { databaseNow } from './clock';
import type { OffenseReader } from './offense-reads';
import type { EntityManager } from './orm';
import { lockPerson } from './people';
import { findMute } from './submission-mutes';

/** Why somebody may not submit now. */
export type SubmissionObstacle =
  | { code: 'submissions_muted'; muteId: string; until: Date | null }
  | { code: 'submission_limit'; limit: 'pending' | 'a_day'; most: number; retryAfter: number };

/** Who submits, and how much they may. */
export interface Submitting {
  reader: OffenseReader;
  limits: SubmissionLimits;
  requestId: string | null;
}

/** A change counts against no limit. */
type SubmissionKind = 'offense' | 'evidence' | 'change';

const events = { offense: 'offense.submit', evidence: 'offense.add_evidence', change: 'offense.change' } as const;

/**
 * Holds the person, since two submissions at once would both be the last one allowed, and says what keeps them from submitting. That is
 * on record: let it be committed.
 */
export async function beginSubmission(
  tx: EntityManager,
  { reader: { userId }, limits, requestId }: Submitting,
  kind: SubmissionKind,
): Promise<SubmissionObstacle | null> {
  if (!(await lockPerson(tx, userId))) throw new DomainError('unauthenticated');
  const obstacle = await findObstacle(tx, userId, kind, limits);
  if (obstacle)
    audit(tx, {
      actorId: userId,
      event: events[kind],
      outcome: 'denied',
      details: { code: obstacle.code },
      requestId,
    });
  return obstacle;
}

async function findObstacle(
  tx: EntityManager,
  userId: string,
  kind: SubmissionKind,
  limits: SubmissionLimits,
): Promise<SubmissionObstacle | null> {
  const mute = await findMute(tx, userId);
  if (mute) return { code: 'submissions_muted', muteId: mute.id, until: mute.until };
  if (kind === 'change') return null;
  const [pending] = await tx.execute<{ n: number }[]>(
    `select count(*)::int as n from offenses where user_id = ? and status = 'pending'`,
    [userId],
  );
  // What came together with its entry has the moment of that.
  const ofADay = await tx.execute<{ at: string }[]>(
    `select at from (
       select created_at as at from offenses where user_id = ?
       union all select e.created_at from offense_evidence e join offenses o on o.id = e.offense_id where e.user_id = ? and e.created_at > o.created_at
     ) s where at > now() - interval '24 hours' order by at desc limit ?`,
    [userId, userId, limits.aDay],
  );
  const soFar = { pending: pending?.n ?? 0, ofADay: ofADay.map(({ at }) => new Date(at)) };
  const broken = submissionLimit(kind, soFar, limits, await databaseNow(tx));
  return broken && { code: 'submission_limit', ...broken };
}
