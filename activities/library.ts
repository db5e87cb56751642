import { heartbeat } from '@temporalio/activity';
import type { OnHealthChange } from '../adapters/postgres/connection-health';
import type { CredentialAccess } from '../adapters/postgres/credential-access';
import { Connection } from '../adapters/postgres/entities';
import { addMilestone, enterPhase, finishJob, isJobOver } from '../adapters/postgres/jobs';
import { openGeneration, publishedGeneration, publishGeneration } from '../adapters/postgres/library-generations';
import { noteLatency } from '../adapters/postgres/provider-latency';
import { acquireSyncLease, releaseSyncLease } from '../adapters/postgres/sync-lease';
import type { MikroORM } from '../adapters/postgres/orm';
import type { AppleMusicClient } from '../adapters/providers/apple-music/types';
import type { SpotifyClient } from '../adapters/providers/spotify/types';
import { sliceEndedBy, type SliceResult } from '../domain/slices';
import { type LibraryReader, openReader } from './library/readers';
import { SupersededSyncError } from './library/sync-context';
import { activityAttempt, activitySignal } from './activity-context';

/** Milliseconds after which a slice hands back, so that a worker's death costs little and a shutdown is quick. */
const sliceLength = 20_000;

export interface SyncInput {
  jobId: string;
  connectionId: string;
}

export interface LibraryDeps {
  orm: MikroORM;
  spotify: SpotifyClient;
  /** Null where it is not configured. */
  appleMusic: AppleMusicClient | null;
  access: CredentialAccess;
  onHealthChange?: OnHealthChange;
}

/** Reads a person's library from the provider into a generation that becomes visible when it is complete. */
export function createLibraryActivities(deps: LibraryDeps) {
  return {
    /** Reads for up to twenty seconds, saving after each page. The job named builds one generation, however often this runs. */
    async syncSlice({ jobId, connectionId }: SyncInput): Promise<SliceResult> {
      const em = deps.orm.em.fork();
      const connection = await em.findOne(Connection, { id: connectionId });
      if (!connection || connection.disconnectingSince) return { state: 'failed', code: 'connection_disconnected' };
      if (await isJobOver(em, jobId)) return { state: 'failed', code: 'cancelled' };
      if (!(await acquireSyncLease(em, connectionId, jobId)))
        return { state: 'waiting', reason: 'connection_busy', seconds: 2 };
      const generation = await openGeneration(em, connectionId, jobId);
      if (generation.status === 'published') return { state: 'done' };
      const reader = openReader(
        deps,
        connection,
        {
          em,
          connectionId,
          accountUserId: connection.accountUserId,
          generationId: generation.id,
          previousId: await publishedGeneration(em, connectionId),
          cursor: generation.cursor,
          countedCalls: 0,
        },
        { epoch: connection.epoch, signal: activitySignal() },
      );
      // One long playlist takes longer than Temporal waits for a sign of life.
      const pulse = setInterval(() => heartbeat(), 2_000);
      try {
        return await readUntil(reader, jobId, Date.now() + sliceLength);
      } catch (error) {
        if (error instanceof SupersededSyncError) return { state: 'more' };
        const ended = sliceEndedBy(error);
        if (ended) return ended;
        throw error;
      } finally {
        clearInterval(pulse);
        const { quota, averageMs } = reader.context.session;
        if (quota && averageMs !== null) await noteLatency(em, quota, averageMs);
      }
    },

    /** Ends the job of a sync and gives the connection's lease back. */
    async finishSync({ jobId, connectionId, failureCode }: SyncInput & { failureCode: string | null }): Promise<void> {
      await deps.orm.em.fork().transactional(async (tx) => {
        await releaseSyncLease(tx, connectionId, jobId);
        if (await finishJob(tx, jobId, failureCode ? 'failed' : 'completed', failureCode)) {
          await addMilestone(tx, jobId, failureCode ? 'library_sync_failed' : 'library_synced');
        }
      });
    },

    /** Gives the lease back where the job goes on to something else. */
    async releaseSync({ jobId, connectionId }: SyncInput): Promise<void> {
      await releaseSyncLease(deps.orm.em.fork(), connectionId, jobId);
    },
  };
}

async function readUntil({ context, readOn }: LibraryReader, jobId: string, deadline: number): Promise<SliceResult> {
  for (;;) {
    activitySignal()?.throwIfAborted();
    const { step, offset, total } = context.cursor;
    await enterPhase(context.em, jobId, `reading_${step}`, activityAttempt(), {
      done: offset,
      total: Math.max(total ?? 0, offset),
    });
    if (step === 'publish') {
      const published = await publishGeneration(context.em, context.connectionId, context.generationId);
      return { state: published ? 'done' : 'more' };
    }
    await readOn(step);
    if (Date.now() > deadline) return { state: 'more' };
  }
}
