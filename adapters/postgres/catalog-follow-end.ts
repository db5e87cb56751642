import { audit } from './audit';
import type { CatalogFollower } from './catalog-follow-start';
import { addMilestone, finishJob } from './jobs';
import type { EntityManager } from './orm';

/** What is told where a job of each type has ended. */
const ends = {
  sync_graph: { event: 'graph.synced', done: 'graph_synced', failed: 'graph_sync_failed' },
  index_artists: { event: 'index.synced', done: 'artists_indexed', failed: 'indexing_failed' },
} as const satisfies Record<CatalogFollower, object>;

/** Ends the job of whoever asked for it, once, and says what was done. */
export async function endFollowing(
  tx: EntityManager,
  type: CatalogFollower,
  { jobId, told, failureCode }: { jobId: string; told: Record<string, string | number>; failureCode: string | null },
): Promise<void> {
  if (!(await finishJob(tx, jobId, failureCode ? 'failed' : 'completed', failureCode))) return;
  const { event, done, failed } = ends[type];
  await addMilestone(tx, jobId, failureCode ? failed : done, told);
  const [job] = await tx.execute<{ user_id: string; request_id: string | null }[]>(
    `select user_id, request_id from jobs where id = ?`,
    [jobId],
  );
  audit(tx, {
    actorId: job?.user_id ?? null,
    event,
    outcome: failureCode ? 'failed' : 'done',
    subjectType: 'job',
    subjectId: jobId,
    details: told,
    requestId: job?.request_id ?? null,
  });
}
