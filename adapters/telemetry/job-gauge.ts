import { Gauge, type Registry } from 'prom-client';
import { jobStatuses, jobTypes } from '../../domain/jobs';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/** `dnp_jobs`: how many jobs there are of each type and status, 0 where there are none. */
export function jobGauge(registry: Registry, orm: MikroORM): void {
  const gauge = new Gauge({
    name: 'dnp_jobs',
    help: 'Jobs by type and status.',
    labelNames: ['type', 'status'],
    registers: [registry],
    collect: countedWhenScraped(
      orm,
      (tx) =>
        tx.execute<{ type: string; status: string; n: number }[]>(
          `select type, status, count(*)::int as n from jobs group by type, status`,
        ),
      (rows) => {
        for (const type of jobTypes) for (const status of jobStatuses) gauge.set({ type, status }, 0);
        for (const { type, status, n } of rows) gauge.set({ type, status }, n);
      },
    ),
  });
}
