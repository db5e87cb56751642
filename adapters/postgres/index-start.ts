import { audit } from './audit';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** Any number that nothing else locks. */
const startLock = 7_011_960;

/**
 * Writes an index run's job and the start of its workflow into the caller's transaction. One that waits for its turn already,
 * and is as thorough, is joined: it sees what was changed until now. `outboxId` is null then.
 */
export async function startIndexing(
  tx: EntityManager,
  { userId, full, requestId, retryOf }: { userId: string; full: boolean; requestId: string | null; retryOf?: string },
): Promise<{ jobId: string; outboxId: string | null }> {
  // Two requests at once: the second waits here and finds the first one's.
  await tx.execute(`select pg_advisory_xact_lock(?)`, [startLock]);
  const [queued] = await tx.execute<{ id: string }[]>(
    `select j.id from jobs j join outbox o on o.workflow_id = j.workflow_id
     where j.type = 'index_artists' and j.status = 'queued' and ((o.input->>'full')::boolean or not ?) order by j.id limit 1`,
    [full],
  );
  const jobId = queued?.id ?? newId();
  audit(tx, {
    actorId: userId,
    event: 'index.started',
    outcome: 'done',
    subjectType: 'job',
    subjectId: jobId,
    details: { full, joined: queued !== undefined },
    requestId,
  });
  if (queued) return { jobId, outboxId: null };
  return createJob(tx, {
    id: jobId,
    type: 'index_artists',
    userId,
    subjectType: 'artist_index',
    subjectId: jobId,
    provider: null,
    workflowType: 'indexArtists',
    workflowId: (id) => `index-artists:${id}`,
    input: () => ({ jobId, full }),
    requestId,
    ...(retryOf === undefined ? {} : { retryOf }),
  });
}
