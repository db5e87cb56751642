import { audit } from '../../../adapters/postgres/audit';
import { deleteBlock } from '../../../adapters/postgres/blocks-store';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { markPlansStale } from '../../../adapters/postgres/plans';

/** Takes a person's block back in the caller's transaction; plans that would act on it turn stale. False where there is none. */
export async function withdrawBlock(
  tx: EntityManager,
  { userId, artistId, requestId }: { userId: string; artistId: string; requestId: string | null },
): Promise<boolean> {
  if (!(await deleteBlock(tx, userId, artistId))) return false;
  await markPlansStale(tx, userId, artistId, 'block_withdrawn');
  audit(tx, {
    actorId: userId,
    event: 'block.withdrawn',
    outcome: 'done',
    subjectType: 'artist',
    subjectId: artistId,
    requestId,
  });
  return true;
}
