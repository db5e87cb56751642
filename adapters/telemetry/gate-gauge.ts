import { Gauge, type Registry } from 'prom-client';
import { providers } from '../../domain/capabilities';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/**
 * `dnp_provider_gate_open`: 1 while calls go out to a provider on each of the operator's quotas, 0 while one of them is closed. A
 * person's own app concerns nobody else, and a quota that nobody has used is open.
 */
export function gateGauge(registry: Registry, orm: MikroORM): void {
  const gauge = new Gauge({
    name: 'dnp_provider_gate_open',
    help: 'Whether calls go out to a provider: 1 open, 0 while a quota of ours is closed by the provider or by hand.',
    labelNames: ['provider'],
    registers: [registry],
    collect: countedWhenScraped(
      orm,
      (tx) =>
        tx.execute<{ provider: string }[]>(
          `select distinct provider from provider_gates
           where quota not like 'own:%' and (closed_by_admin or closed_until > clock_timestamp())`,
        ),
      (closed) => {
        for (const provider of providers)
          gauge.set({ provider }, closed.some((gate) => gate.provider === provider) ? 0 : 1);
      },
    ),
  });
}
