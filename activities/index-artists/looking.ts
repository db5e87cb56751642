import { endStretch, keepPlace, openStretch } from '../../adapters/postgres/feed-stretches';
import type { IndexCounts } from '../../adapters/postgres/index-runs';
import { countDone } from '../../adapters/postgres/jobs';
import { looks, type Stretch } from '../../domain/catalog-feed';
import { type IndexDeps, type IndexTask, nothingIndexed } from './deps';
import { linkBatch } from './links';
import { matchBatch } from './matches';

type LookedAt = Awaited<ReturnType<typeof linkBatch>>;
const batchOf = { artists: linkBatch, recordings: matchBatch } as const;

/** So long at most in one run, in milliseconds: the tables must not wait for it. */
const lookingMs = 40_000;

/**
 * Looks for artists and recordings that are in the catalog twice, from where the run before this left off. What is not looked at when
 * the time is over, or the worker ends, is left to the next run.
 */
export async function lookForDoubles(
  deps: IndexDeps,
  task: IndexTask,
  signal: AbortSignal | undefined,
): Promise<IndexCounts> {
  const em = deps.orm.em.fork();
  const stopAt = Date.now() + lookingMs;
  const did = { ...nothingIndexed };
  let at: Stretch | null = await openStretch(em, task.until);
  while (at !== null && Date.now() < stopAt && !signal?.aborted) {
    const batch: LookedAt = await batchOf[at.look](deps, task, at);
    did.merged += batch.did.merged;
    did.queued += batch.did.queued;
    if (task.jobId && batch.looked > 0) await countDone(em, task.jobId, batch.looked);
    const next = placeAfter(at, batch.after);
    await (next === null ? endStretch(em, at) : keepPlace(em, next));
    at = next;
  }
  return did;
}

function placeAfter(at: Stretch, after: string | null): Stretch | null {
  if (after !== null) return { ...at, after };
  const look = looks[looks.indexOf(at.look) + 1];
  return look === undefined ? null : { ...at, look, after };
}
