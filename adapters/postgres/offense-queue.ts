import { openCase } from './moderation-cases';
import type { EntityManager } from './orm';

/**
 * Puts an entry before the moderators, or tells who has it before them that it is not what they looked at any more. Call it before
 * the entry is locked, as whoever decides locks the case first.
 */
export async function queueOffense(
  tx: EntityManager,
  { offenseId, userId, requestId }: { offenseId: string; userId: string; requestId: string | null },
): Promise<void> {
  await openCase(tx, {
    subjectType: 'offense',
    subjectId: offenseId,
    origin: 'submission',
    actorId: userId,
    requestId,
  });
}
