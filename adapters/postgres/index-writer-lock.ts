import type { EntityManager } from './orm';

/**
 * Lets one at a time write the vector tables, over all processes: whoever comes second waits. The lock is a transaction of
 * its own, so it goes with a process that dies; `stillHeld` throws where its connection has gone.
 */
export function holdingIndexWriterLock<T>(
  em: EntityManager,
  work: (stillHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return em.fork().transactional(async (tx) => {
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended('vector-index', 0))`);
    return work(async () => {
      await tx.execute('select 1');
    });
  });
}
