import { defineConfig, type EntityManager, IsolationLevel, MikroORM, type Options } from '@mikro-orm/postgresql';
import { PostgresDriver } from './driver';
import { entities } from './entities';

/** MikroORM's settings for one database address. */
export function ormOptions(url: string, pool: { min?: number; max?: number } = {}): Options {
  return defineConfig({
    driver: PostgresDriver,
    clientUrl: url,
    entities,
    forceUtcTimezone: true,
    pool: { min: pool.min ?? 0, max: pool.max ?? 10 },
    discovery: { warnWhenNoEntities: false },
    schemaGenerator: { disableForeignKeys: false },
  });
}

/**
 * Opens the database as the application, which never makes one: where the server is slow to answer, MikroORM would take its
 * silence for a missing database. Close it with `orm.close()`.
 */
export function openOrm(url: string, pool?: { min?: number; max?: number }): Promise<MikroORM> {
  return MikroORM.init({ ...ormOptions(url, pool), ensureDatabase: false });
}

/** A transaction in which every statement sees what was committed when it began. */
export function oneMoment<T>(em: EntityManager, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return em.fork().transactional(work, { isolationLevel: IsolationLevel.REPEATABLE_READ });
}

export type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
