import { audit } from './audit';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** What follows the catalog, by the type of its jobs; `lock` is any number that nothing else locks. */
const followers = {
  sync_graph: {
    lock: 7_011_959,
    event: 'graph.sync_started',
    subjectType: 'graph',
    workflowType: 'syncGraph',
    workflowPrefix: 'sync-graph',
  },
  index_artists: {
    lock: 7_011_960,
    event: 'index.started',
    subjectType: 'artist_index',
    workflowType: 'indexArtists',
    workflowPrefix: 'index-artists',
  },
} as const;
export type CatalogFollower = keyof typeof followers;

/**
 * Writes a job that brings a follower in step with the catalog, and the start of its workflow, into the caller's transaction. One
 * that waits for its turn already, and is as thorough, is joined: it sees what was changed until now. `outboxId` is null then.
 */
export async function startFollowing(
  tx: EntityManager,
  type: CatalogFollower,
  { userId, full, requestId, retryOf }: { userId: string; full: boolean; requestId: string | null; retryOf?: string },
): Promise<{ jobId: string; outboxId: string | null }> {
  const { lock, event, subjectType, workflowType, workflowPrefix } = followers[type];
  // Two requests at once: the second waits here and finds the first one's.
  await tx.execute(`select pg_advisory_xact_lock(?)`, [lock]);
  const [queued] = await tx.execute<{ id: string }[]>(
    `select j.id from jobs j join outbox o on o.workflow_id = j.workflow_id
     where j.type = ? and j.status = 'queued' and ((o.input->>'full')::boolean or not ?) order by j.id limit 1`,
    [type, full],
  );
  const jobId = queued?.id ?? newId();
  audit(tx, {
    actorId: userId,
    event,
    outcome: 'done',
    subjectType: 'job',
    subjectId: jobId,
    details: { full, joined: queued !== undefined },
    requestId,
  });
  if (queued) return { jobId, outboxId: null };
  return createJob(tx, {
    id: jobId,
    type,
    userId,
    subjectType,
    subjectId: jobId,
    provider: null,
    workflowType,
    workflowId: (id) => `${workflowPrefix}:${id}`,
    input: () => ({ jobId, full }),
    requestId,
    ...(retryOf === undefined ? {} : { retryOf }),
  });
}
