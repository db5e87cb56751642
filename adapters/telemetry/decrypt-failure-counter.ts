import { Counter, type Registry } from 'prom-client';

/** Counts what could not be opened, by what it was sealed for. More than none wants somebody to look at the key ring. */
export function decryptFailureCounter(registry: Registry): (use: string) => void {
  const failures = new Counter({
    name: 'dnp_vault_decrypt_failures_total',
    help: 'Sealed values that could not be opened: their key is missing, or they were changed.',
    labelNames: ['use'],
    registers: [registry],
  });
  return (use) => failures.inc({ use });
}
