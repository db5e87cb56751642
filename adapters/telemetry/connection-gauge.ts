import { Gauge, type Registry } from 'prom-client';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/** `dnp_connections`: how many connections there are of each provider and health. */
export function connectionGauge(registry: Registry, orm: MikroORM): void {
  const gauge = new Gauge({
    name: 'dnp_connections',
    help: 'Connections by provider and health.',
    labelNames: ['provider', 'health'],
    registers: [registry],
    collect: countedWhenScraped(
      orm,
      (tx) =>
        tx.execute<{ provider: string; health: string; n: number }[]>(
          `select provider, health, count(*)::int as n from connections group by provider, health`,
        ),
      (rows) => {
        gauge.reset();
        for (const { provider, health, n } of rows) gauge.set({ provider, health }, n);
      },
    ),
  });
}
