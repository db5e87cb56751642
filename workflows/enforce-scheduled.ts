import { data } from './activities';
import { preparePlan, type PreparePlanInput } from './prepare-plan';

export interface EnforceScheduledInput extends PreparePlanInput {
  scheduledId: string;
}

/**
 * One turn of a schedule: reads the library afresh and plans as for anybody, then carries the plan out under the cap, or gives it to
 * its person. A run of it is a workflow of its own.
 */
export async function enforceScheduled({ scheduledId, ...plan }: EnforceScheduledInput): Promise<void> {
  await preparePlan(plan);
  await data.endScheduled({ scheduledId });
}
