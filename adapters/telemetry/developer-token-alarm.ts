import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

/** Counts, in a process's registry, how often Apple Music took neither our developer token nor one signed anew. */
export function developerTokenRejections(registry: Registry): () => void {
  const rejections = new Counter({
    name: 'dnp_developer_token_rejections_total',
    help: 'Calls that Apple Music refused because of our own developer token.',
    registers: [registry],
  });
  return () => rejections.inc();
}

/** Seconds between two lines about the same fault. */
const QUIET_SECONDS = 60;

/** Counts every rejection and says so in the log, once a minute at most: it is the operator's to mend, and concerns everybody. */
export function developerTokenAlarm(
  { count, log }: { count: () => void; log: Pick<Logger, 'error'> },
  now: () => number = Date.now,
): () => void {
  let saidAt = -Infinity;
  return () => {
    count();
    if (now() - saidAt < QUIET_SECONDS * 1000) return;
    saidAt = now();
    log.error({ provider: 'apple_music', code: 'developer_token_rejected' }, 'our developer token is refused');
  };
}
