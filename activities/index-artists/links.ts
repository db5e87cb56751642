import { type ArtistDoubles, findDoubles } from '../../adapters/catalog-index/artist-doubles';
import { proposeMerge } from '../../adapters/postgres/artist-merges';
import { changedArtists } from '../../adapters/postgres/catalog-feed';
import { idsAfter } from '../../adapters/postgres/graph-rows';
import type { IndexCounts } from '../../adapters/postgres/index-runs';
import type { Stretch } from '../../domain/catalog-feed';
import { DomainError } from '../../domain/errors';
import { type IndexDeps, type IndexTask, lockInTurn, nothingIndexed } from './deps';

/** Artists that are looked at in a second or so. */
const batchSize = 40;

/**
 * Looks whether artists that are new, or of whom something new is known, are in the catalog under another entry, and proposes to
 * make them one. Repeating a batch proposes the same again, which changes nothing.
 */
export async function linkBatch(
  deps: IndexDeps,
  task: IndexTask,
  { from, until, after }: Stretch,
): Promise<{ after: string | null; did: IndexCounts; looked: number }> {
  const did = { ...nothingIndexed };
  const em = deps.orm.em.fork();
  const page = { after, limit: batchSize };
  // For its turn only: nothing is written to the tables here.
  const ids = await lockInTurn(
    deps,
    task.runId,
  )(() => (from === null ? idsAfter(em, { kind: 'artist', ...page }) : changedArtists(em, { from, until, ...page })));
  const proposed = new Set<string>();
  for (const { artistId: id } of await findDoubles(deps.orm.em.fork(), deps.vectors, ids))
    // Once more, one after the other: whom an artist is by now says who stands beside them.
    for (const other of await doublesOf(deps, id)) {
      const pair = [id, other.artistId].sort().join(' ');
      if (proposed.has(pair)) continue;
      proposed.add(pair);
      const outcome = await propose(deps, id, other);
      if (outcome === 'applied') did.merged += 1;
      if (outcome === 'pending') did.queued += 1;
    }
  return { after: ids.length < batchSize ? null : (ids.at(-1) ?? null), did, looked: ids.length };
}

async function doublesOf({ orm, vectors }: IndexDeps, artistId: string): Promise<ArtistDoubles['others']> {
  const [found] = await findDoubles(orm.em.fork(), vectors, [artistId]);
  return found?.others ?? [];
}

/** Two are made one unasked only where each is sure of the other alone; else a person is asked. */
async function propose(
  deps: IndexDeps,
  artistId: string,
  { artistId: other, score, band, evidence }: ArtistDoubles['others'][number],
): Promise<string> {
  const mutual =
    band === 'accept' &&
    (await doublesOf(deps, other)).some((back) => back.artistId === artistId && back.band === 'accept');
  const proposal = {
    keptArtistId: other,
    mergedArtistId: artistId,
    score,
    band: mutual ? ('accept' as const) : ('review' as const),
    evidence,
  };
  try {
    return (await deps.orm.em.fork().transactional((tx) => proposeMerge(tx, proposal))).outcome;
  } catch (error) {
    // Deleted meanwhile.
    if (error instanceof DomainError && error.code === 'not_found') return 'gone';
    throw error;
  }
}
