import { Counter, type Registry } from 'prom-client';
import type { OnHealthChange } from '../postgres/connection-health';

/** Counts changes of connections' health; all three labels are bounded sets of names. */
export function healthChangeCounter(registry: Registry): OnHealthChange {
  const changes = new Counter({
    name: 'dnp_connection_health_changes_total',
    help: 'Changes of how well connections work, by what they came to; code is none for healthy.',
    labelNames: ['provider', 'health', 'code'],
    registers: [registry],
  });
  return ({ provider, health, code }) => changes.inc({ provider, health, code: code ?? 'none' });
}
