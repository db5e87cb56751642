import { unfinishedSync } from './connection-consent';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/**
 * Writes a library sync's job and the start of its workflow; a sync of this connection that has not ended is joined
 * instead. Call it under the connection's row lock, so that two callers at once make one.
 * @returns `outboxId` is null where another sync was joined
 */
export async function startLibrarySync(
  tx: EntityManager,
  sync: { userId: string; connectionId: string; provider: string; requestId: string | null; retryOf?: string },
): Promise<{ jobId: string; outboxId: string | null }> {
  const running = await unfinishedSync(tx, sync.connectionId);
  if (running) return { jobId: running, outboxId: null };
  const { connectionId } = sync;
  return createJob(tx, {
    type: 'library_sync',
    userId: sync.userId,
    subjectType: 'connection',
    subjectId: connectionId,
    provider: sync.provider,
    workflowType: 'syncLibrary',
    workflowId: (jobId) => `library-sync:${jobId}`,
    input: (jobId) => ({ jobId, connectionId }),
    requestId: sync.requestId,
    ...(sync.retryOf ? { retryOf: sync.retryOf } : {}),
  });
}
