import { release } from '../../adapters/postgres/journal';
import { ProviderError } from '../../domain/errors';
import type { RunContext } from './run-context';

/** What is known of a write after its call: `done`, `unknown` (read back before anything else), or refused as it is. */
export type WriteOutcome<T> =
  { outcome: 'done'; value: T } | { outcome: 'unknown' } | { outcome: 'refused'; code: string };

/**
 * Makes the write of a batch that is on its way and sorts its failures: an answer that got lost is `unknown`, a request that
 * the provider will never take is `refused`. Failures that end the slice (rate limit, outage before sending, token) mean that
 * nothing was done: the batch is taken back from its way, and the failure thrown on. Name no actions where an earlier write
 * of theirs may still land.
 */
export async function writeBatch<T>(
  context: Pick<RunContext, 'em' | 'run'>,
  actions: readonly { id: string }[],
  write: () => Promise<T>,
): Promise<WriteOutcome<T>> {
  try {
    return await attemptWrite(write);
  } catch (error) {
    if (error instanceof ProviderError && actions.length > 0)
      await release(
        context.em,
        context.run,
        actions.map((action) => action.id),
      );
    throw error;
  }
}

/** One write that belongs to no whole batch, its failures sorted likewise. */
export async function attemptWrite<T>(write: () => Promise<T>): Promise<WriteOutcome<T>> {
  try {
    return { outcome: 'done', value: await write() };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.failure === 'outcome_unknown') return { outcome: 'unknown' };
    if (error.failure === 'invalid' || error.failure === 'not_found')
      return { outcome: 'refused', code: error.details.code ?? error.failure };
    if (error.failure === 'forbidden' && error.details.code !== 'connection_disconnected')
      return { outcome: 'refused', code: error.details.code ?? 'forbidden' };
    throw error;
  }
}
