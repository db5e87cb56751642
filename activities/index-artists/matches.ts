import { findMatches } from '../../adapters/catalog-index/recording-matches';
import { changedIds } from '../../adapters/postgres/catalog-feed';
import type { IndexCounts } from '../../adapters/postgres/index-runs';
import { keepMatches, matchedBefore } from '../../adapters/postgres/recording-matches';
import { sourcedIdsAfter } from '../../adapters/postgres/sourced-recordings';
import type { Stretch } from '../../domain/catalog-feed';
import { type IndexDeps, type IndexTask, lockInTurn, nothingIndexed } from './deps';

/** Tracks and recordings that are looked at in a second or so. */
const batchSize = 500;

/**
 * Looks whether other sources have the tracks and imported recordings that are new or changed. Whoever performs them has been looked
 * at before, since that counts. Repeating a batch finds the same again, which changes nothing.
 */
export async function matchBatch(
  deps: IndexDeps,
  task: IndexTask,
  { from, until, after }: Stretch,
): Promise<{ after: string | null; did: IndexCounts; looked: number }> {
  const em = deps.orm.em.fork();
  const page = { after, limit: batchSize };
  // For its turn only: nothing is written to the tables here.
  const ids = await lockInTurn(
    deps,
    task.runId,
  )(() =>
    from === null ? sourcedIdsAfter(em, page) : changedIds(em, { kinds: ['track', 'recording'], from, until, ...page }),
  );
  if (ids.length === 0) return { after: null, did: nothingIndexed, looked: 0 };
  const proposed = await findMatches(em, deps.vectors, ids, await matchedBefore(em, ids));
  const queued = await em.transactional((tx) => keepMatches(tx, ids, proposed));
  return {
    after: ids.length < batchSize ? null : (ids.at(-1) ?? null),
    did: { ...nothingIndexed, queued },
    looked: ids.length,
  };
}
