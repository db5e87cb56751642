import type { Logger } from 'pino';
import { type FailedJob, tellFailures } from '../adapters/postgres/job-failures';
import type { MikroORM } from '../adapters/postgres/orm';

/** Milliseconds between two looks. */
const interval = 2_000;

/**
 * Writes one line for each job that has failed, wherever it was failed, and counts it. The returned function looks a last time and
 * stops; what it can't read then is told at the next start.
 */
export function watchFailedJobs(deps: {
  orm: MikroORM;
  log: Logger;
  count: (failed: FailedJob) => void;
}): () => Promise<void> {
  const tell = (failed: FailedJob): void => {
    deps.count(failed);
    deps.log.error(failed, 'job failed');
  };
  let looking: Promise<void> | null = null;
  const look = (): Promise<void> =>
    (looking ??= tellFailures(deps.orm.em, tell)
      .catch((error: unknown) => deps.log.warn({ err: error }, 'failed jobs could not be read'))
      .finally(() => (looking = null)));
  const timer = setInterval(() => void look(), interval).unref();
  return async () => {
    clearInterval(timer);
    await looking;
    await look();
  };
}
