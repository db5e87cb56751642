import { Gauge, type Registry } from 'prom-client';
import { countUnsealed } from '../postgres/audit-seals';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/** `dnp_audit_unsealed` and `dnp_audit_unsealed_oldest_seconds`: what of the audit waits for its seal. */
export function unsealedGauge(registry: Registry, orm: MikroORM): void {
  const collect = countedWhenScraped(orm, countUnsealed, ({ count, since }) => {
    waiting.set(count);
    oldest.set(since ? Math.max(0, (Date.now() - since.getTime()) / 1_000) : 0);
  });
  const waiting = new Gauge({
    name: 'dnp_audit_unsealed',
    help: 'Audit rows that wait for their seals.',
    registers: [registry],
    collect,
  });
  const oldest = new Gauge({
    name: 'dnp_audit_unsealed_oldest_seconds',
    help: 'For how long the oldest of them has waited; sealing comes each minute.',
    registers: [registry],
    collect,
  });
}
