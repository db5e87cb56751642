import { type BulkChange, type BulkOutcome, bulkStep } from '../../domain/bulk-blocks';
import { audit } from './audit';
import { deleteBlocks, lockBlocks, writeBlocks } from './blocks-store';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';
import { markPlansOnArtistsStale } from './plans';

export interface BulkItem {
  artistId: string;
  outcome: BulkOutcome;
}

const events: Partial<Record<BulkOutcome, string>> = {
  created: 'block.created',
  changed: 'block.changed',
  withdrawn: 'block.withdrawn',
};

/** Blocks, unblocks or tags many artists in the caller's transaction, with an audit row for each block that changed; in the order given. */
export async function changeBlocks(
  tx: EntityManager,
  {
    userId,
    artistIds,
    change,
    requestId,
  }: { userId: string; artistIds: readonly string[]; change: BulkChange; requestId: string | null },
): Promise<BulkItem[]> {
  const before = await lockBlocks(tx, userId, artistIds);
  const known = new Set(await knownArtists(tx, artistIds));
  const steps = [...new Set(artistIds)].map((artistId) => {
    const step = known.has(artistId) ? bulkStep(before.get(artistId) ?? null, change) : null;
    return { artistId, ...(step ?? { outcome: 'unknown_artist' as const }) };
  });
  const written = steps.flatMap((step) => ('content' in step ? { artistId: step.artistId, ...step.content } : []));
  await writeBlocks(tx, userId, written);
  const withdrawn = steps.filter(({ outcome }) => outcome === 'withdrawn').map(({ artistId }) => artistId);
  await deleteBlocks(tx, userId, withdrawn);
  await markPlansOnArtistsStale(tx, userId, withdrawn, 'block_withdrawn');
  for (const { artistId, outcome } of steps) {
    const event = events[outcome];
    const about = { actorId: userId, outcome: 'done' as const, subjectType: 'artist', subjectId: artistId, requestId };
    if (event) audit(tx, { ...about, event });
  }
  return steps.map(({ artistId, outcome }) => ({ artistId, outcome }));
}

/** Those of the artists that the catalog has. */
export async function knownArtists(em: EntityManager, artistIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(`select id from artists where id in ${givenIds}`, [
    JSON.stringify(artistIds),
  ]);
  return rows.map(({ id }) => id);
}
