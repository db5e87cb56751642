import type { CallRates } from '../adapters/environment/call-rates';
import { closeJobsWithout } from '../adapters/postgres/disconnection-end';
import { isUnattended, withoutBroughtBack } from '../adapters/postgres/brought-back';
import { databaseNow } from '../adapters/postgres/clock';
import { loadEffectiveDecisions } from '../adapters/postgres/effective-blocks';
import { Connection, type Plan } from '../adapters/postgres/entities';
import { enterPhase, finishJob } from '../adapters/postgres/jobs';
import { readLibrary } from '../adapters/postgres/library-matches';
import type { EntityManager, MikroORM } from '../adapters/postgres/orm';
import { loadChoices } from '../adapters/postgres/plan-choices';
import { estimateRun } from '../adapters/postgres/plan-estimates';
import { beginMaking, failMaking, finishMaking } from '../adapters/postgres/plan-making';
import { waitForMarks } from '../adapters/postgres/plans';
import type { SpotifyAppBook } from '../adapters/providers/spotify/app-book';
import type { StreamingProvider } from '../domain/capabilities';
import { type Preset, type Switches, switchesFor } from '../domain/matching';
import { keepChoices } from '../domain/plan-choices';
import type { PlannedItem } from '../domain/planned-item';
import { activityAttempt } from './activity-context';
import { compareWithFile } from './plan-restore';

export interface PlanDeps {
  orm: MikroORM;
  spotifyApps: SpotifyAppBook;
  callRates: CallRates;
  /** How old a list's version has to be, to count in a plan that nobody looks at. */
  unattendedListHours: number;
}

/** Works out what would change at a connection. */
export function createPlanActivities(deps: PlanDeps) {
  const workOut = async (em: EntityManager, plan: Plan, connection: Connection): Promise<PlannedItem[]> => {
    const { generationId, fileGenerationId, userId } = plan;
    if (!generationId) return [];
    const { spotifyApps, unattendedListHours } = deps;
    if (fileGenerationId)
      return compareWithFile(em, plan, fileGenerationId, connection, await spotifyApps.read(connection.clientId));
    const listHours = (await isUnattended(em, plan.id)) ? unattendedListHours : 0;
    const decisions = await loadEffectiveDecisions(em, userId, await databaseNow(em), { listHours });
    const switches = switchesFor(plan.preset as Preset, plan.switches as Partial<Switches>);
    const judge = await readLibrary(em, connection, { generationId, switches, spotifyApps }, decisions);
    return judge(decisions);
  };
  return {
    /**
     * Matches the published library with the person's blocks, or with the file to be restored from, and saves the items, with what the person chose before; the plan is
     * ready and its job done in one commit.
     */
    async makePlan({ planId }: { planId: string }): Promise<{ items: number }> {
      const em = deps.orm.em.fork();
      await waitForMarks(em);
      const plan = await em.fork().transactional((tx) => beginMaking(tx, planId));
      if (!plan) return { items: 0 };
      const connection = await em.findOneOrFail(Connection, { id: plan.connectionId });
      await enterPhase(em, plan.jobId, 'matching', activityAttempt());
      const provider = connection.provider as StreamingProvider;
      const matched = await workOut(em, plan, connection);
      const items = keepChoices(await withoutBroughtBack(em, plan, matched), await loadChoices(em, planId));
      const figures = await estimateRun(em, planId, items, { provider, callRates: deps.callRates });
      await em.fork().transactional((tx) => finishMaking(tx, planId, { jobId: plan.jobId, items, ...figures }));
      return { items: items.length };
    },

    /** Ends a plan that could not be made, and its job. */
    async failPlan({ planId, failureCode }: { planId: string; failureCode: string }): Promise<void> {
      await deps.orm.em.fork().transactional(async (tx) => {
        const jobId = await failMaking(tx, planId, failureCode);
        if (jobId) await finishJob(tx, jobId, 'failed', failureCode);
        else await closeJobsWithout(tx, 'plan', planId);
      });
    },
  };
}
