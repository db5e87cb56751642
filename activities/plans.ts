import type { CallRates } from '../adapters/environment/call-rates';
import { loadEffectiveDecisions } from '../adapters/postgres/effective-blocks';
import { closeJobsWithout } from '../adapters/postgres/disconnection-end';
import { withoutBroughtBack } from '../adapters/postgres/brought-back';
import { Connection, Plan } from '../adapters/postgres/entities';
import { addMilestone, enterPhase, finishJob } from '../adapters/postgres/jobs';
import type { MikroORM } from '../adapters/postgres/orm';
import { estimateRun } from '../adapters/postgres/plan-estimates';
import { loadLibrary, loadPlanCatalog } from '../adapters/postgres/plan-library';
import { tracksMentioning } from '../adapters/postgres/plan-titles';
import { storePlanItems } from '../adapters/postgres/plans';
import type { KnownSpotifyApp, SpotifyAppBook } from '../adapters/providers/spotify/app-book';
import { capabilitiesOf, type StreamingProvider } from '../domain/capabilities';
import { type Preset, type Switches, switchesFor } from '../domain/matching';
import { itemCounts, type PlannedItem, planItems } from '../domain/planning';
import { activityAttempt } from './activity-context';

export interface PlanDeps {
  orm: MikroORM;
  spotifyApps: SpotifyAppBook;
  callRates: CallRates;
}

/** Works out what would change at a connection. */
export function createPlanActivities(deps: PlanDeps) {
  return {
    /** Matches the published library with the person's blocks and saves the items; the plan is ready and its job done in one commit. */
    async makePlan({ planId }: { planId: string }): Promise<{ items: number }> {
      const em = deps.orm.em.fork();
      const plan = await em.findOne(Plan, { id: planId });
      if (!plan || plan.status !== 'preparing') return { items: 0 };
      const connection = await em.findOneOrFail(Connection, { id: plan.connectionId });
      await enterPhase(em, plan.jobId, 'matching', activityAttempt());
      const app = await deps.spotifyApps.read(connection.clientId);
      const items = await withoutBroughtBack(em, plan, await matchLibrary(em, plan, connection, app));
      const provider = connection.provider as StreamingProvider;
      const { providerCalls, estimatedSeconds } = await estimateRun(em, items, { provider, callRates: deps.callRates });
      await em.fork().transactional(async (tx) => {
        const made = await tx.execute<{ id: string }[]>(
          `update plans set status = 'ready', generation_id = ?, provider_calls = ?, estimated_seconds = ?, ready_at = now(), version = version + 1 where id = ? and status = 'preparing' returning id`,
          [connection.generationId, providerCalls, estimatedSeconds, planId],
        );
        // Its connection was taken away meanwhile, or somebody else has ended it.
        if (made.length === 0) return;
        await storePlanItems(tx, planId, items);
        const counts = itemCounts(items);
        await addMilestone(tx, plan.jobId, 'plan_ready', { total: counts.total, included: counts.included });
        await finishJob(tx, plan.jobId, 'completed');
      });
      return { items: items.length };
    },

    /** Ends a plan that could not be made, and its job. */
    async failPlan({ planId, failureCode }: { planId: string; failureCode: string }): Promise<void> {
      await deps.orm.em.fork().transactional(async (tx) => {
        const rows = await tx.execute<{ job_id: string }[]>(
          `update plans set status = 'failed', failure_code = ?, version = version + 1 where id = ? and status = 'preparing' returning job_id`,
          [failureCode, planId],
        );
        if (rows[0]) await finishJob(tx, rows[0].job_id, 'failed', failureCode);
        else await closeJobsWithout(tx, 'plan', planId);
      });
    },
  };
}

async function matchLibrary(
  em: ReturnType<MikroORM['em']['fork']>,
  plan: Plan,
  connection: Connection,
  { dialect, unfollowsArtists }: KnownSpotifyApp,
): Promise<PlannedItem[]> {
  if (!connection.generationId) return [];
  const { artists: blocks, tracks, exceptions } = await loadEffectiveDecisions(em, plan.userId, new Date());
  const blockedTrackIds = tracks.map(({ trackId }) => trackId);
  const library = await loadLibrary(em, connection.generationId, connection.accountUserId);
  const switches = switchesFor(plan.preset as Preset, plan.switches as Partial<Switches>);
  const catalog = await loadPlanCatalog(
    em,
    blocks.map((block) => block.artistId),
    [...blockedTrackIds, ...(switches.mentions ? await tracksMentioning(em, library, blocks) : [])],
  );
  return planItems({
    library,
    personProviderId: connection.accountUserId,
    ...catalog,
    blocks,
    blockedTrackIds: new Set(blockedTrackIds),
    exceptions,
    creditsByTrack: new Map(),
    switches,
    capabilities: capabilitiesOf('spotify', dialect, unfollowsArtists ? [] : ['followed_artist']),
    dialect,
  });
}
