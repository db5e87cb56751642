import { openCase } from './moderation-cases';
import type { EntityManager } from './orm';

/**
 * Puts an entry before the moderators; the case's new version tells whoever holds it that it is not what they looked at any more. Hold
 * the entry before, as whoever decides holds it before the case.
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
