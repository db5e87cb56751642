import { setTimeout as delay } from 'node:timers/promises';
import type { EntityManager, MikroORM } from '../postgres/orm';

/** Milliseconds that a scrape waits. */
const longestMs = 2_000;
/** Seconds for which a count is shown again, however often it is scraped. */
const shownFor = 15;

/**
 * Counts in the database when a gauge is scraped, once for all who scrape at a time. Where the database is away the last count
 * stays and the scrape goes on; the count is given up after two seconds.
 */
export function countedWhenScraped<T>(
  orm: MikroORM,
  count: (tx: EntityManager) => Promise<T>,
  show: (counted: T) => void,
): () => Promise<void> {
  let countedAt = 0;
  let counting: Promise<void> | null = null;
  const begin = async () => {
    const counted = await orm.em.fork().transactional(async (tx) => {
      await tx.execute(`set local statement_timeout = ${longestMs}`);
      return count(tx);
    });
    show(counted);
    countedAt = Date.now();
  };
  return async () => {
    if (Date.now() - countedAt < shownFor * 1_000) return;
    counting ??= begin()
      .catch(() => undefined)
      .finally(() => (counting = null));
    await Promise.race([counting, delay(longestMs, undefined, { ref: false })]);
  };
}
