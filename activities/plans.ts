import type { CallRates } from '../adapters/environment/call-rates';
import { loadEffectiveDecisions } from '../adapters/postgres/effective-blocks';
import { closeJobsWithout } from '../adapters/postgres/disconnection-end';
import { withoutBroughtBack } from '../adapters/postgres/brought-back';
import { Connection, type Plan } from '../adapters/postgres/entities';
import { enterPhase, finishJob } from '../adapters/postgres/jobs';
import type { MikroORM } from '../adapters/postgres/orm';
import { loadChoices } from '../adapters/postgres/plan-choices';
import { estimateRun } from '../adapters/postgres/plan-estimates';
import { loadLibrary, loadPlanCatalog } from '../adapters/postgres/plan-library';
import { beginMaking, failMaking, finishMaking } from '../adapters/postgres/plan-making';
import { tracksMentioning } from '../adapters/postgres/plan-titles';
import type { KnownSpotifyApp, SpotifyAppBook } from '../adapters/providers/spotify/app-book';
import { capabilitiesOf, type StreamingProvider } from '../domain/capabilities';
import { type Preset, type Switches, switchesFor } from '../domain/matching';
import { keepChoices } from '../domain/plan-choices';
import { type PlannedItem, planItems } from '../domain/planning';
import { activityAttempt } from './activity-context';

export interface PlanDeps {
  orm: MikroORM;
  spotifyApps: SpotifyAppBook;
  callRates: CallRates;
}

/** Works out what would change at a connection. */
export function createPlanActivities(deps: PlanDeps) {
  return {
    /**
     * Matches the published library with the person's blocks and saves the items, with what the person chose before; the plan is
     * ready and its job done in one commit.
     */
    async makePlan({ planId }: { planId: string }): Promise<{ items: number }> {
      const em = deps.orm.em.fork();
      const plan = await em.fork().transactional((tx) => beginMaking(tx, planId));
      if (!plan) return { items: 0 };
      const connection = await em.findOneOrFail(Connection, { id: plan.connectionId });
      await enterPhase(em, plan.jobId, 'matching', activityAttempt());
      const app = await deps.spotifyApps.read(connection.clientId);
      const found = await withoutBroughtBack(em, plan, await matchLibrary(em, plan, connection, app));
      const items = keepChoices(found, await loadChoices(em, planId));
      const provider = connection.provider as StreamingProvider;
      const figures = await estimateRun(em, items, { provider, callRates: deps.callRates });
      await em.fork().transactional((tx) => finishMaking(tx, planId, { items, ...figures }));
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

async function matchLibrary(
  em: ReturnType<MikroORM['em']['fork']>,
  plan: Plan,
  connection: Connection,
  { dialect, unfollowsArtists }: KnownSpotifyApp,
): Promise<PlannedItem[]> {
  if (!plan.generationId) return [];
  const { artists: blocks, tracks, exceptions } = await loadEffectiveDecisions(em, plan.userId, new Date());
  const blockedTrackIds = tracks.map(({ trackId }) => trackId);
  const library = await loadLibrary(em, plan.generationId, connection.accountUserId);
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
