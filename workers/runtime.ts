import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from '../adapters/environment/config';

/**
 * Temporal's core in this process. It serves its own metrics (`temporal_*`) at `/metrics` on a port of their own, named as Prometheus
 * asks: counters end in `_total`, durations are in seconds and say so. Throws an error that names the setting when the port is taken.
 */
export function installRuntime(config: Pick<Config, 'API_HOST' | 'TEMPORAL_METRICS_PORT'>, log: Logger): void {
  const { API_HOST: host, TEMPORAL_METRICS_PORT: port } = config;
  const prometheus = {
    bindAddress: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
  };
  try {
    Runtime.install({
      shutdownSignals: [],
      telemetryOptions: { metrics: { prometheus } },
      // Temporal's own lines carry ids and counts; what failed in an activity is logged by the interceptor.
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
        // All workers but one run activities only, as they should.
        if (message.startsWith('No workflows registered')) return;
        const about = { workflowId: meta?.workflowId, taskQueue: meta?.taskQueue };
        log[level === 'ERROR' ? 'error' : 'warn'](about, message);
      }),
    });
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('in use'))) throw error;
    throw new Error(`Port ${port} is taken. Set TEMPORAL_METRICS_PORT to a free one, or end what uses it.`);
  }
}
