import {
  type CaseHandler,
  claimDenial,
  decisionDenial,
  type HandledCase,
  releaseDenial,
} from '../../domain/case-handling';
import { DomainError, type ErrorCode, type ErrorExtras } from '../../domain/errors';
import type { CaseSubjectType, StatementOfReasons } from '../../domain/moderation';
import { audit } from './audit';
import { databaseNow } from './clock';
import { decidedSubject } from './decided-subjects';
import { type NewDecision, takeDecision } from './decisions';
import { givenIds, idsOfPerson } from './erasure';
import { roleDenial } from './held-roles';
import type { EntityManager } from './orm';

/** Who does something with a case. */
export interface Handling {
  caseId: string;
  userId: string;
  requestId: string | null;
}

/** Why nothing was done; it is on record. */
export interface Refusal {
  denied: ErrorCode;
  params?: ErrorExtras['params'];
}

type Verb = 'claim' | 'release' | 'decide';

interface Begun {
  held: HandledCase & { subjectType: CaseSubjectType; subjectId: string };
  handler: CaseHandler;
}

/**
 * Gives a case to one person until a time after which it is free again; whoever holds it has it for longer. Null where there is no
 * such case, or what it is about is gone.
 */
export async function claimCase(
  tx: EntityManager,
  handling: Handling & { minutes: number },
): Promise<{ claimed: true } | Refusal | null> {
  return handle(tx, handling, 'claim', async ({ held, handler }) => {
    const denied = claimDenial(held, handler);
    if (denied) return refuse(held, denied);
    const again = held.holderId !== null && handler.ids.includes(held.holderId) && held.state === 'in_review';
    await tx.execute(
      `update moderation_cases set state = 'in_review', holder_id = ?, held_until = now() + make_interval(mins => ?),
         version = version + ? where id = ?`,
      [handling.userId, handling.minutes, again ? 0 : 1, handling.caseId],
    );
    record(tx, handling, 'case.claimed', { again });
    return { claimed: true };
  });
}

/** Puts a case back into the queue: by its holder, or by any moderator once its claim is over. Again changes nothing. */
export async function releaseCase(tx: EntityManager, handling: Handling): Promise<{ released: true } | Refusal | null> {
  return handle(tx, handling, 'release', async ({ held, handler }) => {
    const denied = releaseDenial(held, handler);
    if (denied) return refuse(held, denied);
    if (held.state !== 'in_review') return { released: true };
    await tx.execute(
      `update moderation_cases set state = 'open', holder_id = null, held_until = null, version = version + 1 where id = ?`,
      [handling.caseId],
    );
    record(tx, handling, 'case.released', { idle: false });
    return { released: true };
  });
}

/**
 * Decides a case as its holder saw it, and carries the measure out: all of it in the caller's transaction. The same decision again is
 * the one that was taken.
 */
export async function decideCase(
  tx: EntityManager,
  {
    version,
    statement,
    internalNote,
    ...handling
  }: Handling & { version: number; statement: StatementOfReasons; internalNote: string | null },
): Promise<{ decisionId: string } | Refusal | null> {
  return handle(tx, handling, 'decide', async ({ held, handler }) => {
    const { caseId, userId: deciderId, requestId } = handling;
    const same = await sameDecision(tx, { held, handler, caseId, statement, internalNote });
    if (same !== null) return { decisionId: same };
    const denied = decisionDenial(held, { ...handler, version });
    if (denied) return refuse(held, denied);
    const ends = statement.measure !== 'request_changes';
    const reporters = ends ? await reportersOf(tx, caseId) : [];
    const taken = await takeOrRefuse(tx, {
      subject: { type: held.subjectType, id: held.subjectId },
      caseId,
      replacesId: null,
      deciderId,
      statement,
      internalNote,
      alsoConcerned: reporters.map((userId) => ({ userId, capacity: 'reporter' })),
      requestId,
    });
    if (taken === null || typeof taken === 'object') return taken;
    await tx.execute(
      `update moderation_cases set state = ?, decision_id = ?, decided_at = case when ? then now() end, holder_id = null,
         held_until = null, version = version + 1 where id = ?`,
      [ends ? 'decided' : 'changes_requested', ends ? taken : null, ends, caseId],
    );
    return { decisionId: taken };
  });
}

/** A measure that doesn't fit how its subject stands is refused like anything else, and leaves nothing behind but that. */
async function takeOrRefuse(tx: EntityManager, decision: NewDecision): Promise<string | Refusal | null> {
  try {
    return await tx.transactional((part) => takeDecision(part, decision));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, extras } = error;
    return { denied: code, ...(extras.params ? { params: extras.params } : {}) };
  }
}

/**
 * Looks at rights first, then at the subject and the case, in the order in which everybody holds them: who changes a subject and then
 * asks for a decision never waits for somebody who waits for them.
 */
async function handle<T extends object>(
  tx: EntityManager,
  handling: Handling,
  verb: Verb,
  act: (begun: Begun) => Promise<T | Refusal | null>,
): Promise<T | Refusal | null> {
  const { caseId, userId } = handling;
  const missing = await roleDenial(tx, userId, 'moderator');
  const [about] = await tx.execute<{ subjectType: CaseSubjectType; subjectId: string }[]>(
    `select subject_type as "subjectType", subject_id as "subjectId" from moderation_cases where id = ?`,
    [caseId],
  );
  if (!about) return null;
  const ids = await idsOfPerson(tx, userId);
  const concerned = await isConcerned(tx, { caseId, ...about }, ids);
  if (concerned === null) return null;
  const held = await holdCase(tx, caseId);
  const done = missing
    ? { denied: missing }
    : await act({ held: { ...held, ...about }, handler: { ids, concerned, now: await databaseNow(tx) } });
  if (done && 'denied' in done)
    audit(tx, { ...subject(handling), event: `case.${verb}`, outcome: 'denied', details: { code: done.denied } });
  return done;
}

/** Whether a case is about something of a person's, or that they reported; null where it is gone. Holds the subject until the commit. */
export async function isConcerned(
  tx: EntityManager,
  { caseId, subjectType, subjectId }: { caseId: string; subjectType: CaseSubjectType; subjectId: string },
  ids: readonly string[],
): Promise<boolean | null> {
  const subjectHeld = await decidedSubject(subjectType).hold(tx, subjectId);
  if (!subjectHeld) return null;
  if (subjectHeld.concerned.some(({ userId }) => ids.includes(userId))) return true;
  return (await reportersOf(tx, caseId)).some((userId) => ids.includes(userId));
}

async function reportersOf(tx: EntityManager, caseId: string): Promise<string[]> {
  const rows = await tx.execute<{ userId: string }[]>(
    `select distinct user_id as "userId" from reports where case_id = ? and user_id is not null`,
    [caseId],
  );
  return rows.map(({ userId }) => userId);
}

async function holdCase(tx: EntityManager, caseId: string): Promise<HandledCase> {
  const [row] = await tx.execute<(Omit<HandledCase, 'heldUntil'> & { heldUntil: string | null })[]>(
    `select state, holder_id as "holderId", held_until as "heldUntil", version from moderation_cases where id = ? for update`,
    [caseId],
  );
  if (!row) throw new Error('The case was there a moment ago.');
  return { ...row, heldUntil: row.heldUntil === null ? null : new Date(row.heldUntil) };
}

/** The decision that left the case as it is, where it is this one, by the same person and in the same words. */
async function sameDecision(
  tx: EntityManager,
  {
    held,
    handler,
    caseId,
    statement,
    internalNote,
  }: Begun & { caseId: string; statement: StatementOfReasons; internalNote: string | null },
): Promise<string | null> {
  if (held.state !== 'decided' && held.state !== 'changes_requested') return null;
  const { measure, until, facts, automated, policyVersion, rule } = statement;
  const [row] = await tx.execute<{ id: string; same: boolean }[]>(
    `select id, decider_id in ${givenIds} and measure = ? and until is not distinct from ?::timestamptz(3) and facts = ?
       and automated = ? and policy_version = ? and rule = ? and internal_note is not distinct from ?::text as same
     from decisions where case_id = ? order by id desc limit 1`,
    [JSON.stringify(handler.ids), measure, until, facts, automated, policyVersion, rule, internalNote, caseId],
  );
  return row?.same ? row.id : null;
}

function refuse(held: HandledCase, denied: NonNullable<ReturnType<typeof decisionDenial>>): Refusal {
  if (denied === 'version_conflict') return { denied, params: { version: held.version } };
  return denied === 'case_held_by_another' && held.heldUntil
    ? { denied, params: { until: held.heldUntil.toISOString() } }
    : { denied };
}

function record(tx: EntityManager, handling: Handling, event: string, details: Record<string, boolean>): void {
  audit(tx, { ...subject(handling), event, outcome: 'done', details });
}

const subject = ({ caseId, userId, requestId }: Handling) => ({
  actorId: userId,
  subjectType: 'case',
  subjectId: caseId,
  requestId,
});
