import { obstacleParams } from '../../domain/account-merges';
import type { ErrorCode, ErrorExtras } from '../../domain/errors';
import { findObstacles, lockPeople } from './account-merge-obstacles';
import { lockMerge, type MergeRow } from './account-merges';
import { audit } from './audit';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** What a person may do to a merge of theirs, with the job that does it, or why not; the denial is recorded beside it. */
export type MergeDecision =
  { jobId: string; outboxId: string | null } | { denied: ErrorCode; params?: ErrorExtras['params'] };

interface Decider {
  mergeId: string;
  survivorId: string;
  requestId: string | null;
}

/** Confirms an offer and writes the start of its workflow; confirming it again gives the same job. */
export async function confirmMerge(tx: EntityManager, decider: Decider): Promise<MergeDecision> {
  return decide(tx, decider, 'confirm', async (merge) => {
    if (merge.status === 'failed') return denied('merge_not_possible', { reason: merge.failureCode ?? 'failed' });
    if (merge.status === 'undone') return denied('merge_expired');
    if (merge.jobId) return { jobId: merge.jobId, outboxId: null };
    if (merge.offerOver) return denied('merge_expired');
    const obstacles = await obstaclesOf(tx, merge);
    if (obstacles) return denied('merge_not_possible', obstacles);
    const job = start(tx, merge, decider, 'merge_accounts');
    await tx.execute(`update account_merges set status = 'confirmed', confirmed_at = now(), job_id = ? where id = ?`, [
      job.jobId,
      merge.id,
    ]);
    return job;
  });
}

/** Starts taking a merge back, within its day; asking again gives the same job. */
export async function undoMerge(tx: EntityManager, decider: Decider): Promise<MergeDecision> {
  return decide(tx, decider, 'undo', async (merge) => {
    if ((merge.status === 'undoing' || merge.status === 'undone') && merge.undoJobId)
      return { jobId: merge.undoJobId, outboxId: null };
    if (merge.status === 'final' || merge.undoOver) return denied('merge_expired');
    if (merge.status !== 'merged') return denied('merge_not_possible', { reason: 'not_merged' });
    const obstacles = await obstaclesOf(tx, merge);
    if (obstacles) return denied('merge_not_possible', obstacles);
    const job = start(tx, merge, decider, 'undo_merge');
    await tx.execute(`update account_merges set status = 'undoing', undo_job_id = ? where id = ?`, [
      job.jobId,
      merge.id,
    ]);
    return job;
  });
}

async function decide(
  tx: EntityManager,
  { mergeId, survivorId, requestId }: Decider,
  verb: 'confirm' | 'undo',
  judge: (merge: MergeRow) => Promise<MergeDecision>,
): Promise<MergeDecision> {
  const merge = await lockMerge(tx, mergeId);
  if (!merge || merge.survivorId !== survivorId) return { denied: 'not_found' };
  const decision = await judge(merge);
  const record = { actorId: survivorId, subjectType: 'account_merge', subjectId: mergeId, requestId };
  if ('denied' in decision)
    audit(tx, {
      ...record,
      event: `account_merge.${verb}`,
      outcome: 'denied',
      details: { code: decision.denied, ...decision.params },
    });
  else if (decision.outboxId)
    audit(tx, {
      ...record,
      event: verb === 'confirm' ? 'account_merge.confirmed' : 'account_merge.undo_requested',
      outcome: 'done',
    });
  return decision;
}

const denied = (code: ErrorCode, params?: ErrorExtras['params']): MergeDecision => ({
  denied: code,
  ...(params ? { params } : {}),
});

async function obstaclesOf(tx: EntityManager, merge: MergeRow): Promise<Record<string, string | number> | null> {
  await lockPeople(tx, [merge.survivorId, merge.absorbedId]);
  return obstacleParams(await findObstacles(tx, merge));
}

/** A merge fails for good, so its workflow has one id; taking it back can be tried again, as a job of its own. */
function start(
  tx: EntityManager,
  merge: MergeRow,
  { requestId }: Decider,
  type: 'merge_accounts' | 'undo_merge',
): { jobId: string; outboxId: string } {
  return createJob(tx, {
    type,
    userId: merge.survivorId,
    subjectType: 'account_merge',
    subjectId: merge.id,
    provider: null,
    workflowType: type === 'merge_accounts' ? 'mergeAccounts' : 'undoMerge',
    workflowId: (jobId) => (type === 'merge_accounts' ? `merge-accounts:${merge.id}` : `undo-merge:${jobId}`),
    input: () => ({ mergeId: merge.id }),
    requestId,
  });
}
