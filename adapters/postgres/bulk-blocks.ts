import { type BulkChange, type BulkOutcome, bulkStep } from '../../domain/bulk-blocks';
import { knownArtists } from './artist-search';
import { auditEach } from './audit';
import { deleteBlocks, lockBlocks, writeBlocks } from './blocks-store';
import { heldArtistIds } from './current-artists';
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
  const current = await heldArtistIds(tx, artistIds);
  const meant = [...new Set(artistIds.map(current))];
  const before = await lockBlocks(tx, userId, meant);
  const known = new Set(await knownArtists(tx, meant));
  const steps = meant.map((artistId) => {
    const step = known.has(artistId) ? bulkStep(before.get(artistId) ?? null, change) : null;
    return { artistId, ...(step ?? { outcome: 'unknown_artist' as const }) };
  });
  const written = steps.flatMap((step) => ('content' in step ? { artistId: step.artistId, ...step.content } : []));
  await writeBlocks(tx, userId, written);
  const withdrawn = steps.filter(({ outcome }) => outcome === 'withdrawn').map(({ artistId }) => artistId);
  await deleteBlocks(tx, userId, withdrawn);
  await markPlansOnArtistsStale(tx, userId, withdrawn, 'block_withdrawn');
  for (const [outcome, event] of Object.entries(events)) {
    const ids = steps.filter((step) => step.outcome === outcome).map(({ artistId }) => artistId);
    await auditEach(tx, { actorId: userId, event, outcome: 'done', subjectType: 'artist', requestId }, ids);
  }
  const outcomes = new Map(steps.map(({ artistId, outcome }) => [artistId, outcome]));
  return [...new Set(artistIds)].map((artistId) => ({
    artistId,
    outcome: outcomes.get(current(artistId)) ?? 'unknown_artist',
  }));
}
