import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';
import type { MikroORM } from '../postgres/orm';

/** Milliseconds that a scrape waits. */
const longestMs = 2_000;
/** Seconds for which a count is shown again, however often it is scraped. */
const shownFor = 15;

/**
 * `dnp_connections`: how many connections there are of each provider and health, counted when scraped. Where the database is away
 * the last count stays and the scrape goes on; the count is given up after two seconds.
 */
export function connectionGauge(registry: Registry, orm: MikroORM): void {
  let countedAt = 0;
  let counting: Promise<void> | null = null;
  const gauge = new Gauge({
    name: 'dnp_connections',
    help: 'Connections by provider and health.',
    labelNames: ['provider', 'health'],
    registers: [registry],
    collect: async () => {
      if (Date.now() - countedAt < shownFor * 1_000) return;
      counting ??= count()
        .catch(() => undefined)
        .finally(() => (counting = null));
      await Promise.race([counting, delay(longestMs, undefined, { ref: false })]);
    },
  });

  async function count(): Promise<void> {
    const rows = await orm.em.fork().transactional(async (tx) => {
      await tx.execute(`set local statement_timeout = ${longestMs}`);
      return tx.execute<{ provider: string; health: string; n: number }[]>(
        `select provider, health, count(*)::int as n from connections group by provider, health`,
      );
    });
    gauge.reset();
    for (const { provider, health, n } of rows) gauge.set({ provider, health }, n);
    countedAt = Date.now();
  }
}
