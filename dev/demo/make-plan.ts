import type { Plan, PlanItem } from './contract';
import { DemoFailure } from './demo-failure';
import { followJob } from './follow-job';
import { planLines } from './plan-listing';
import { lossesIn } from './show-run';
import type { Story } from './story';

/**
 * Has a plan made and prints what it holds.
 *
 * @param shown how many items of each place
 * @throws DemoFailure where it is not ready, or empty
 */
export async function makePlan(
  { say, person, screen }: Pick<Story, 'say' | 'person' | 'screen'>,
  connectionId: string,
  shown?: number,
): Promise<{ plan: Plan; items: PlanItem[] }> {
  const { planId, jobId } = await person.post<{ planId: string; jobId: string }>('enforcement/plans', {
    connectionId,
    preset: 'standard',
  });
  await followJob(person, jobId, { label: 'Plan', screen });
  let plan = await person.get<Plan>(`enforcement/plans/${planId}`);
  if (plan.status === 'stale') {
    // Somebody else found out meanwhile who an artist is.
    const refresh = await person.post<{ jobId: string }>(`enforcement/plans/${planId}/refresh`);
    await followJob(person, refresh.jobId, { label: 'Plan once more', screen });
    plan = await person.get<Plan>(`enforcement/plans/${planId}`);
  }
  const items = await person.all<PlanItem>(`enforcement/plans/${planId}/items`);
  for (const line of planLines(items, shown)) say(line);
  say(
    `  ${plan.counts.included} of ${plan.counts.total} items included, ${plan.providerCalls} calls, about ${plan.estimatedSeconds} s. Undoing will lose: ${lossesIn(plan.counts.byLoss)}`,
  );
  if (plan.status !== 'ready' || plan.counts.included === 0)
    throw new DemoFailure(`The plan is ${plan.status} with ${plan.counts.included} items.`);
  return { plan, items };
}
