import { Gauge, type Registry } from 'prom-client';
import { waitingStarts } from '../postgres/outbox';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/** `dnp_outbox_waiting` and `dnp_outbox_oldest_seconds`: starts of workflows that are written down and have not been made. */
export function outboxGauge(registry: Registry, orm: MikroORM): void {
  const collect = countedWhenScraped(orm, waitingStarts, ({ count, oldestSeconds }) => {
    waiting.set(count);
    oldest.set(oldestSeconds);
  });
  const waiting = new Gauge({
    name: 'dnp_outbox_waiting',
    help: 'Workflows that wait to be started.',
    registers: [registry],
    collect,
  });
  const oldest = new Gauge({
    name: 'dnp_outbox_oldest_seconds',
    help: 'For how long the oldest of them has waited; starting takes moments, and the sweep comes each minute.',
    registers: [registry],
    collect,
  });
}
