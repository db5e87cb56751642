import { audit } from '../../../adapters/postgres/audit';
import { deleteBlock } from '../../../adapters/postgres/blocks-store';
import { heldArtistId } from '../../../adapters/postgres/current-artists';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { markPlansOnStale, markPlansStale } from '../../../adapters/postgres/plans';
import { deleteTrackBlock } from '../../../adapters/postgres/track-blocks';

/** Takes a person's block back in the caller's transaction; plans that would act on it turn stale. False where there is none. */
export async function withdrawBlock(
  tx: EntityManager,
  { userId, requestId, ...named }: { userId: string; artistId: string; requestId: string | null },
): Promise<boolean> {
  const artistId = await heldArtistId(tx, named.artistId);
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

/** The same for the block of one track. */
export async function withdrawTrackBlock(
  tx: EntityManager,
  { userId, trackId, requestId }: { userId: string; trackId: string; requestId: string | null },
): Promise<boolean> {
  if (!(await deleteTrackBlock(tx, { userId, trackId }))) return false;
  await markPlansOnStale(tx, userId, { subjectType: 'track', subjectId: trackId }, 'block_withdrawn');
  audit(tx, {
    actorId: userId,
    event: 'track_block.withdrawn',
    outcome: 'done',
    subjectType: 'track',
    subjectId: trackId,
    requestId,
  });
  return true;
}
