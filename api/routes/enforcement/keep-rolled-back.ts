import { audit } from '../../../adapters/postgres/audit';
import { keepByUris } from '../../../adapters/postgres/exceptions';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { markPlansOnUrisStale } from '../../../adapters/postgres/plans';

/**
 * Makes exceptions for the tracks and albums that a rollback brings back, in the caller's transaction; plans that would take
 * them out turn stale. A follow has none: its exception would be the artist's. Returns how many are kept.
 */
export async function keepRolledBack(
  tx: EntityManager,
  { userId, actions, requestId }: { userId: string; actions: readonly { uri: string }[]; requestId: string | null },
): Promise<number> {
  const uris = [...new Set(actions.map(({ uri }) => uri))];
  const kept = await keepByUris(tx, userId, uris);
  if (kept === 0) return 0;
  await markPlansOnUrisStale(tx, userId, uris, 'exception_made');
  audit(tx, {
    actorId: userId,
    event: 'exceptions.made',
    outcome: 'done',
    subjectType: 'user',
    subjectId: userId,
    details: { kept },
    requestId,
  });
  return kept;
}
