import { Gauge, type Registry } from 'prom-client';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/** `dnp_appeals`: how many appeals there are in each state. */
export function appealGauge(registry: Registry, orm: MikroORM): void {
  const gauge = new Gauge({
    name: 'dnp_appeals',
    help: 'Appeals by where they stand.',
    labelNames: ['status'],
    registers: [registry],
    collect: countedWhenScraped(
      orm,
      (tx) =>
        tx.execute<{ state: string; n: number }[]>(`select state, count(*)::int as n from appeals group by state`),
      (rows) => {
        gauge.reset();
        for (const { state, n } of rows) gauge.set({ status: state }, n);
      },
    ),
  });
}
