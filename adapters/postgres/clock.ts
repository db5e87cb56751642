import type { EntityManager } from './orm';

/** The moment by the database's clock, within its transaction: workers' clocks may be an hour apart. */
export async function databaseNow(em: EntityManager): Promise<Date> {
  const [clock] = await em.execute<{ now: string }[]>(`select now() as now`);
  return new Date(clock?.now ?? Date.now());
}
