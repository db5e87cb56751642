import { heartbeat } from '@temporalio/activity';
import { setTimeout as delay } from 'node:timers/promises';
import type { OnHealthChange } from '../adapters/postgres/connection-health';
import type { CredentialAccess } from '../adapters/postgres/credential-access';
import { type OpenAction, openActions } from '../adapters/postgres/journal';
import {
  CancelledRunError,
  countCalls,
  type OnSettled,
  requireEpoch,
  type RunState,
  SupersededError,
  takeRun,
} from '../adapters/postgres/run-state';
import { enterPhase } from '../adapters/postgres/jobs';
import type { EntityManager, MikroORM } from '../adapters/postgres/orm';
import type { AppleMusicClient } from '../adapters/providers/apple-music/types';
import type { SpotifyClient } from '../adapters/providers/spotify/types';
import { sliceEndedBy, type SliceResult } from '../domain/slices';
import { callsAtOnce, unitsAtOnce } from '../domain/concurrency';
import { openRunWork } from './enforcement/run-work';
import { activityAttempt, activitySignal } from './activity-context';

/** Milliseconds after which a slice begins nothing new. */
const sliceLength = 25_000;

export interface EnforcementDeps {
  orm: MikroORM;
  spotify: SpotifyClient;
  /** Null where it is not configured. */
  appleMusic: AppleMusicClient | null;
  access: CredentialAccess;
  onHealthChange?: OnHealthChange;
  onSettled?: OnSettled;
}

/** Works through the journal of a run or of a rollback. */
export function createEnforcementActivities(deps: EnforcementDeps) {
  return {
    /**
     * Does open actions for up to half a minute, batch by batch, each saved before the next. Whatever became of an earlier
     * execution, this one takes the run over: a late one finds that out at its next save and ends.
     */
    async runSlice({ runId }: { runId: string }): Promise<SliceResult> {
      const em = deps.orm.em.fork();
      const run = await takeRun(em, runId, deps.onSettled);
      if (!run) return { state: 'failed', code: 'connection_disconnected' };
      if (run.finished) return { state: 'done' };
      if (run.over) return { state: 'failed', code: 'connection_disconnected' };
      const signal = activitySignal();
      const end = Date.now() + sliceLength;
      let halted = false;
      const stopping = () => halted || signal?.aborted === true || Date.now() > end;
      const sleep = async (milliseconds: number) => void (await delay(milliseconds, undefined, { signal }));
      const work = openRunWork(
        deps,
        { em, run, stopping, sleep },
        { epoch: run.epoch, beforeWrite: () => requireEpoch(em, run), signal, callsAtOnce },
      );
      const pulse = setInterval(() => heartbeat(), 2_000);
      try {
        await enterPhase(em, run.jobId, phaseOf(run), activityAttempt());
        await workAll(await work.units(await actionsToDo(em, run)), stopping, () => (halted = true));
        if ((await actionsToDo(em, run)).length > 0) return { state: 'more' };
        if (run.cancelRequested) return { state: 'done' };
        await enterPhase(em, run.jobId, 'checking', activityAttempt());
        await work.observe();
        return { state: 'done' };
      } catch (error) {
        if (error instanceof CancelledRunError || error instanceof SupersededError) return { state: 'more' };
        const ended = sliceEndedBy(error);
        if (ended) return ended;
        throw error;
      } finally {
        clearInterval(pulse);
        await countCalls(em, runId, work.session.calls);
      }
    },
  };
}

/** Nothing is removed at Apple Music. */
function phaseOf({ direction, provider }: RunState): string {
  if (direction === 'put_back') return 'restoring';
  return provider === 'apple_music' ? 'rating' : 'removing';
}

/** The open actions; of a cancelled run only those whose outcome is not known, so that what was done can be undone. */
async function actionsToDo(em: EntityManager, run: RunState): Promise<OpenAction[]> {
  const open = await openActions(em, run.id);
  return run.cancelRequested ? open.filter((action) => action.status === 'applying') : open;
}

/**
 * Works on a few units side by side. When one fails, the others finish the batch they are in and are saved; then the first
 * failure is thrown.
 */
async function workAll(
  units: readonly (() => Promise<void>)[],
  stopping: () => boolean,
  halt: () => void,
): Promise<void> {
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < units.length && !stopping()) {
      const unit = units[next];
      next += 1;
      try {
        await unit?.();
      } catch (error) {
        failures.push(error);
        halt();
      }
    }
  };
  await Promise.all(Array.from({ length: unitsAtOnce }, lane));
  if (failures.length > 0) throw failures[0];
}
