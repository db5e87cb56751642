import {
  type AppealState,
  type AppealStep,
  type AppealStepInput,
  isAppealOpen,
  openState,
  stepDenial,
} from '../../domain/appeals';
import type { ErrorCode } from '../../domain/errors';
import { announce } from './announcements';
import { decideTogether, draftDenial, draftOf } from './appeal-outcomes';
import { withdrawAppeal } from './appeal-closing';
import { appealedDecision, type AppealedDecision, appealsTogether, involvedIn } from './appealed-decisions';
import { audit } from './audit';
import { enterPhase } from './jobs';
import type { EntityManager } from './orm';
import { holdReviewer } from './reviewers';

/** Something that somebody would do with an appeal. */
export interface AppealAct extends AppealStepInput {
  appealId: string;
  step: AppealStep;
  /** Sent twice under one id, it is done once. */
  updateId: string;
}

export interface ActEnd {
  denied: ErrorCode | null;
  state: AppealState;
  version: number;
}

/**
 * Does a step of an appeal, or records why not, in the caller's transaction; whose rights, state and version decide is read in it. Null
 * where there is no such appeal. Throws the DomainError of a measure that doesn't fit its subject.
 */
export async function actOnAppeal(tx: EntityManager, act: AppealAct): Promise<ActEnd | null> {
  const decisionId = await decisionOf(tx, act.appealId);
  const decision = decisionId === null ? null : await appealedDecision(tx, decisionId, { hold: true });
  if (!decision) return null;
  const kept = await keptEnd(tx, act);
  if (kept) return kept;
  const { denied, actorId } = await judge(tx, act, decision);
  if (!denied) await carryOut(tx, act, actorId, decision);
  return end(tx, act, actorId, denied);
}

/** Denies a step that failed at what it was about, as a decision does whose measure doesn't fit how its subject stands by now. */
export async function denyAct(tx: EntityManager, act: AppealAct, denied: ErrorCode): Promise<ActEnd> {
  return end(tx, act, (await authorOf(tx, act)) ?? '', denied);
}

/** Records what came of it, for the audit and for the same update. */
async function end(tx: EntityManager, act: AppealAct, actorId: string, denied: ErrorCode | null): Promise<ActEnd> {
  record(tx, act, actorId, denied);
  await tx.execute(`insert into appeal_acts (appeal_id, update_id, step, actor_id, denied) values (?, ?, ?, ?, ?)`, [
    act.appealId,
    act.updateId,
    act.step,
    actorId || null,
    denied,
  ]);
  return endOf(tx, act.appealId, denied);
}

/**
 * Refuses a step that can't be done as things are, without asking the appeal's workflow, and records that. What was sent before under
 * the same id has come to what it came to. Null where the workflow is to be asked.
 */
export async function refuseAct(tx: EntityManager, act: AppealAct): Promise<ActEnd | null> {
  const kept = await keptEnd(tx, act);
  if (kept) return kept;
  const decisionId = await decisionOf(tx, act.appealId);
  const decision = decisionId === null ? null : await appealedDecision(tx, decisionId, { hold: false });
  if (!decision) return null;
  const { denied, actorId } = await judge(tx, act, decision);
  if (!denied) return null;
  record(tx, act, actorId, denied);
  return endOf(tx, act.appealId, denied);
}

/** What an update has come to, where it was carried out or denied before. */
export async function keptEnd(
  em: EntityManager,
  { appealId, updateId }: Pick<AppealAct, 'appealId' | 'updateId'>,
): Promise<ActEnd | null> {
  const [kept] = await em.execute<{ denied: ErrorCode | null }[]>(
    `select denied from appeal_acts where appeal_id = ? and update_id = ?`,
    [appealId, updateId],
  );
  return kept ? endOf(em, appealId, kept.denied) : null;
}

async function endOf(em: EntityManager, appealId: string, denied: ErrorCode | null): Promise<ActEnd> {
  const [row] = await em.execute<{ state: AppealState; version: number }[]>(
    `select state, version from appeals where id = ?`,
    [appealId],
  );
  if (!row) throw new Error('The appeal was there a moment ago.');
  return { denied, ...row };
}

async function decisionOf(em: EntityManager, appealId: string): Promise<string | null> {
  const [row] = await em.execute<{ decision_id: string }[]>(`select decision_id from appeals where id = ?`, [appealId]);
  return row?.decision_id ?? null;
}

async function judge(
  tx: EntityManager,
  act: AppealAct,
  decision: AppealedDecision,
): Promise<{ denied: ErrorCode | null; actorId: string }> {
  const actorId = await authorOf(tx, act);
  if (actorId === null) return { denied: 'not_found', actorId: '' };
  const { appeal, together } = await appealsTogether(tx, act.appealId, decision.id);
  const actor = await holdReviewer(tx, actorId);
  const involvedIds = await involvedIn(tx, decision);
  const denied = stepDenial(act.step, { appeal, together, involvedIds, actor, version: act.version ?? null });
  if (denied || act.step !== 'decide') return { denied, actorId };
  return { denied: await draftDenial(tx, act.draftId ?? '', decision), actorId };
}

/** Who acts: under their own name they saved the draft or the message. Null where there is none for this appeal. */
async function authorOf(em: EntityManager, { appealId, step, ...act }: AppealAct): Promise<string | null> {
  if (step === 'decide') return (await draftOf(em, { appealId, draftId: act.draftId ?? null }))?.userId ?? null;
  if (step !== 'requestInformation' && step !== 'answer') return act.actorId ?? null;
  const [message] = await em.execute<{ author_id: string }[]>(
    `select author_id from appeal_messages where id = ? and appeal_id = ? and kind = ? and sent_at is null`,
    [act.messageId ?? null, appealId, step === 'answer' ? 'answer' : 'question'],
  );
  return message?.author_id ?? null;
}

const events: Readonly<Record<AppealStep, string>> = {
  claim: 'appeal.claimed',
  release: 'appeal.released',
  decide: 'appeal.decided',
  requestInformation: 'appeal.asked',
  answer: 'appeal.answered',
  withdraw: 'appeal.withdrawn',
};
const attempts: Readonly<Record<AppealStep, string>> = {
  claim: 'appeal.claim',
  release: 'appeal.release',
  decide: 'appeal.decide',
  requestInformation: 'appeal.ask',
  answer: 'appeal.answer',
  withdraw: 'appeal.withdraw',
};

function record(tx: EntityManager, act: AppealAct, actorId: string, denied: ErrorCode | null): void {
  audit(tx, {
    actorId: actorId || null,
    event: denied ? attempts[act.step] : events[act.step],
    outcome: denied ? 'denied' : 'done',
    subjectType: 'appeal',
    subjectId: act.appealId,
    details: { ...(denied ? { code: denied } : {}), ...(act.draftId ? { draftId: act.draftId } : {}) },
    requestId: act.requestId ?? null,
  });
}

async function carryOut(tx: EntityManager, act: AppealAct, actorId: string, decision: AppealedDecision): Promise<void> {
  const { appealId, step } = act;
  if (step === 'decide') return decideTogether(tx, { draftId: act.draftId ?? '', reviewerId: actorId, decision });
  if (step === 'withdraw') return withdrawAppeal(tx, appealId);
  if (step === 'claim') await setHolder(tx, appealId, actorId);
  if (step === 'release') await setHolder(tx, appealId, null);
  if (step === 'requestInformation' || step === 'answer') {
    await tx.execute(`update appeal_messages set sent_at = now() where id = ?`, [act.messageId]);
    await setAwaits(tx, appealId, step === 'requestInformation');
  }
  await noteState(tx, appealId);
  if (step !== 'requestInformation') return;
  const [{ user_id: appellantId } = { user_id: null }] = await tx.execute<{ user_id: string | null }[]>(
    `select user_id from appeals where id = ?`,
    [appealId],
  );
  if (appellantId) await announce(tx, appellantId, { type: 'appeal.question', params: { appealId } });
}

async function setHolder(tx: EntityManager, appealId: string, holderId: string | null): Promise<void> {
  const awaits = await stateOf(tx, appealId);
  await tx.execute(
    `update appeals set holder_id = ?, claimed_at = case when ?::uuid is null then null else now() end, state = ?, version = version + 1
     where id = ?`,
    [holderId, holderId, openState(holderId !== null, awaits.state === 'waiting_for_answer'), appealId],
  );
}

async function setAwaits(tx: EntityManager, appealId: string, awaits: boolean): Promise<void> {
  const { held } = await stateOf(tx, appealId);
  await tx.execute(`update appeals set state = ?, version = version + 1 where id = ?`, [
    openState(held, awaits),
    appealId,
  ]);
}

async function stateOf(tx: EntityManager, appealId: string): Promise<{ state: AppealState; held: boolean }> {
  const [row] = await tx.execute<{ state: AppealState; held: boolean }[]>(
    `select state, holder_id is not null as held from appeals where id = ? for update`,
    [appealId],
  );
  if (!row || !isAppealOpen(row.state)) throw new Error('The appeal was open a moment ago.');
  return row;
}

/** Whoever watches the job sees where the appeal stands. */
async function noteState(tx: EntityManager, appealId: string): Promise<void> {
  const [row] = await tx.execute<{ state: string; job_id: string }[]>(
    `select a.state, j.id as job_id from appeals a join jobs j on j.subject_type = 'appeal' and j.subject_id = a.id where a.id = ?`,
    [appealId],
  );
  if (row) await enterPhase(tx, row.job_id, row.state, 1);
}
