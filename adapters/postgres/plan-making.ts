import { itemCounts, type PlannedItem } from '../../domain/planning';
import { Plan } from './entities';
import { addMilestone, finishJob } from './jobs';
import type { EntityManager } from './orm';
import { markPlansOfOldLibrary } from './plan-staleness';
import { storePlanItems } from './plans';

/**
 * Fixes the library that a plan is made from, so that a sync meanwhile leaves it there. Reasons against the plan that came
 * before are gone; those that come from now on count. Null where the plan isn't being made.
 */
export async function beginMaking(tx: EntityManager, planId: string): Promise<Plan | null> {
  await lockConnectionOf(tx, planId);
  const rows = await tx.execute<{ id: string }[]>(
    `update plans p set generation_id = c.generation_id, stale_reasons = '{}', version = p.version + 1
     from connections c where p.id = ? and c.id = p.connection_id and p.status = 'preparing' returning p.id`,
    [planId],
  );
  return rows[0] ? tx.findOneOrFail(Plan, { id: planId }, { refresh: true }) : null;
}

/** Saves what was worked out for a job and ends it. The plan is stale at once where something was withdrawn meanwhile. */
export async function finishMaking(
  tx: EntityManager,
  planId: string,
  made: { jobId: string; items: readonly PlannedItem[]; providerCalls: number; estimatedSeconds: number },
): Promise<void> {
  await lockConnectionOf(tx, planId);
  const [plan] = await tx.execute<{ job_id: string; connection_id: string }[]>(
    `update plans set status = case when stale_reasons = '{}' then 'ready' else 'stale' end, provider_calls = ?, estimated_seconds = ?,
       ready_at = now(), version = version + 1 where id = ? and status = 'preparing' and job_id = ? returning job_id, connection_id`,
    [made.providerCalls, made.estimatedSeconds, planId, made.jobId],
  );
  // Its connection was taken away meanwhile, or somebody else has ended it, and another job may be at it.
  if (!plan) return;
  await storePlanItems(tx, planId, made.items);
  await markPlansOfOldLibrary(tx, plan.connection_id);
  const { total, included } = itemCounts(made.items);
  await addMilestone(tx, plan.job_id, 'plan_ready', { total, included });
  await finishJob(tx, plan.job_id, 'completed');
}

/**
 * Ends the making of a plan that could not be made. One that was made before keeps its items and the person's choices and is
 * stale. Returns the job that was at it; null where none was.
 */
export async function failMaking(tx: EntityManager, planId: string, failureCode: string): Promise<string | null> {
  const [plan] = await tx.execute<{ job_id: string }[]>(
    `update plans set status = case when ready_at is null then 'failed' else 'stale' end, failure_code = ?, version = version + 1,
       stale_reasons = case when ready_at is null then stale_reasons else array_append(stale_reasons, 'refresh_failed') end
     where id = ? and status = 'preparing' returning job_id`,
    [failureCode, planId],
  );
  return plan?.job_id ?? null;
}

/** A sync that is publishing ends first, or begins afterwards. Before the plan's own lock, as everywhere. */
async function lockConnectionOf(tx: EntityManager, planId: string): Promise<void> {
  await tx.execute(
    `select c.id from connections c where c.id = (select connection_id from plans where id = ?) for share`,
    [planId],
  );
}
