import { announce } from './announcements';
import { audit } from './audit';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { lockPerson } from './people';
import { isSuspended } from './suspensions';

/** What keeps a person from submitting anything. */
export interface SubmissionMute {
  id: string;
  userId: string;
  /** As its person reads it. */
  reason: string;
  since: Date;
  /** When it ends by itself; null where a moderator has to end it. */
  until: Date | null;
}
/** The same as staff see it. */
export interface ListedMute extends SubmissionMute {
  displayName: string;
  mutedBy: string;
}

interface Decider {
  userId: string;
  actorId: string;
  requestId: string | null;
}
type Denied = { denied: 'role_missing' | 'own_case' };

const columns = `m.id, m.user_id, m.reason, m.muted_at, m.until, m.muted_by, u.display_name`;
/** One that holds now; its end counts from the moment it comes. */
const holds = `m.ended_at is null and (m.until is null or m.until > now())`;

/** Keeps a person from submitting anything, in place of what does so already, and tells them. Null where there is no such person. */
export async function muteSubmitter(
  tx: EntityManager,
  { reason, until, ...decider }: Decider & { reason: string; until: Date | null },
): Promise<Denied | ListedMute | null> {
  const { userId, actorId } = decider;
  const denied = await beginDecision(tx, decider, 'mute');
  if (denied !== 'allowed') return denied;
  const before = await listedMute(tx, userId);
  if (before?.reason === reason && before.until?.getTime() === until?.getTime()) return before;
  await endMutes(tx, decider);
  const id = newId();
  await tx.execute(`insert into submission_mutes (id, user_id, reason, until, muted_by) values (?, ?, ?, ?, ?)`, [
    id,
    userId,
    reason,
    until,
    actorId,
  ]);
  const params = { muteId: id, ...(until ? { until: until.toISOString() } : {}) };
  audit(tx, { ...about(decider), event: 'submitter.muted', outcome: 'done', details: params });
  await announce(tx, userId, { type: 'submissions.muted', params });
  return listedMute(tx, userId);
}

/** Lets a person submit again, and tells them. Null where nothing keeps them from it. */
export async function unmuteSubmitter(
  tx: EntityManager,
  decider: Decider,
): Promise<Denied | { muteId: string } | null> {
  const { userId } = decider;
  const denied = await beginDecision(tx, decider, 'unmute');
  if (denied !== 'allowed') return denied;
  const mute = await findMute(tx, userId);
  if (!mute) return null;
  await endMutes(tx, decider);
  audit(tx, { ...about(decider), event: 'submitter.unmuted', outcome: 'done', details: { muteId: mute.id } });
  await announce(tx, userId, { type: 'submissions.unmuted', params: { muteId: mute.id } });
  return { muteId: mute.id };
}

/** What keeps a person from submitting now: of several the one that lasts longest. */
export const findMute = (em: EntityManager, userId: string): Promise<SubmissionMute | null> => listedMute(em, userId);

/** Who submits nothing now, the latest decision first, after the one named. */
export async function listMutes(
  em: EntityManager,
  { limit, after }: { limit: number; after: string | null },
): Promise<ListedMute[]> {
  const rows = await em.execute<RawMute[]>(
    `select ${columns} from submission_mutes m join users u on u.id = m.user_id
     where ${holds} and (?::uuid is null or m.id < ?::uuid) order by m.id desc limit ?`,
    [after, after, limit],
  );
  return rows.map(muteOf);
}

interface RawMute {
  id: string;
  user_id: string;
  display_name: string;
  reason: string;
  muted_at: string;
  muted_by: string;
  until: string | null;
}

const muteOf = (row: RawMute): ListedMute => ({
  id: row.id,
  userId: row.user_id,
  displayName: row.display_name,
  reason: row.reason,
  since: new Date(row.muted_at),
  until: row.until === null ? null : new Date(row.until),
  mutedBy: row.muted_by,
});

async function listedMute(em: EntityManager, userId: string): Promise<ListedMute | null> {
  const [row] = await em.execute<RawMute[]>(
    `select ${columns} from submission_mutes m join users u on u.id = m.user_id
     where m.user_id = ? and ${holds} order by m.until desc nulls first, m.id desc limit 1`,
    [userId],
  );
  return row ? muteOf(row) : null;
}

async function endMutes(tx: EntityManager, { userId, actorId }: Decider): Promise<void> {
  await tx.execute(`update submission_mutes m set ended_at = now(), ended_by = ? where m.user_id = ? and ${holds}`, [
    actorId,
    userId,
  ]);
}

/** Holds the person, and looks again at who decides: they may have lost the role meanwhile. A denial is on record. */
async function beginDecision(
  tx: EntityManager,
  decider: Decider,
  verb: 'mute' | 'unmute',
): Promise<Denied | 'allowed' | null> {
  const { userId, actorId } = decider;
  if (!(await lockPerson(tx, userId))) return null;
  const held = await tx.execute<{ role: string }[]>(
    `select r.role from user_roles r where r.user_id = ? and r.role = 'moderator' and not ${isSuspended('r.user_id')} for share of r`,
    [actorId],
  );
  const denied = held.length === 0 ? 'role_missing' : userId === actorId ? 'own_case' : null;
  if (denied === null) return 'allowed';
  audit(tx, { ...about(decider), event: `submitter.${verb}`, outcome: 'denied', details: { code: denied } });
  return { denied };
}

const about = ({ userId, actorId, requestId }: Decider) => ({
  actorId,
  subjectType: 'user',
  subjectId: userId,
  requestId,
});
