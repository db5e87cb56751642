import { Counter, type Registry } from 'prom-client';
import { sealedColumns } from '../vault/sealed-columns';

/**
 * Counts what could not be opened, by what it was sealed for; from 0, so that the first shows as a rise. More than none wants somebody
 * to look at the key ring.
 */
export function decryptFailureCounter(registry: Registry): (use: string) => void {
  const failures = new Counter({
    name: 'dnp_vault_decrypt_failures_total',
    help: 'Sealed values that could not be opened: their key is missing, or they were changed.',
    labelNames: ['use'],
    registers: [registry],
  });
  for (const { use } of sealedColumns) failures.inc({ use }, 0);
  return (use) => failures.inc({ use });
}
