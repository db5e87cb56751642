import { ProviderError } from '../../domain/errors';

/** What is known of a write after its call: `done`, `unknown` (read back before anything else), or refused as it is. */
export type WriteOutcome<T> =
  { outcome: 'done'; value: T } | { outcome: 'unknown' } | { outcome: 'refused'; code: string };

/**
 * Makes one write and sorts its failures: an answer that got lost is `unknown`, a request that the provider will never take
 * is `refused`. Failures that end the slice (rate limit, outage before sending, token) are thrown on: nothing was done.
 */
export async function attemptWrite<T>(write: () => Promise<T>): Promise<WriteOutcome<T>> {
  try {
    return { outcome: 'done', value: await write() };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.failure === 'outcome_unknown') return { outcome: 'unknown' };
    if (error.failure === 'invalid' || error.failure === 'not_found')
      return { outcome: 'refused', code: error.failure };
    if (error.failure === 'forbidden' && error.details.code !== 'connection_disconnected')
      return { outcome: 'refused', code: error.details.code ?? 'forbidden' };
    throw error;
  }
}
