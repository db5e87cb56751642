import { Counter, type Registry } from 'prom-client';
import { failureLabel } from '../../domain/job-failures';

/** Counts failed jobs; both labels are bounded sets of names. */
export function jobFailureCounter(registry: Registry): (failed: { type: string; code: string }) => void {
  const failures = new Counter({
    name: 'dnp_jobs_failed_total',
    help: 'Jobs that failed, by their type and by why.',
    labelNames: ['type', 'code'],
    registers: [registry],
  });
  return ({ type, code }) => failures.inc({ type, code: failureLabel(code) });
}
