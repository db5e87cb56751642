import type { Registry } from 'prom-client';
import type { MikroORM } from '../../../adapters/postgres/orm';
import { machineGauges } from '../../../adapters/telemetry/machine/gauges';
import { rowGauges } from '../../../adapters/telemetry/row-gauges';
import { createMetrics } from '../../../api/metrics';
import { createWorkerMetrics } from '../../../workers/metrics';

export interface KnownMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly labels: readonly string[];
}

/** Nothing is counted: the registries are asked what there is, not how much. */
const noDatabase = {} as MikroORM;

/** What API and worker offer at their `/metrics`, from the registries that they make. */
export function offeredMetrics(): KnownMetric[] {
  const api = createMetrics({ processDefaults: true }).registry;
  rowGauges(api, noDatabase);
  const worker = createWorkerMetrics().registry;
  for (const registry of [api, worker]) machineGauges(registry, { dataDir: '.' });
  return [...metricsOf(api), ...metricsOf(worker)];
}

function metricsOf(registry: Registry): KnownMetric[] {
  return registry.getMetricsAsArray().map((metric) => {
    // What a metric was made with; its types keep it back.
    const { name, type, labelNames } = metric as unknown as {
      name: string;
      type: KnownMetric['type'];
      labelNames: string[];
    };
    return { name, type, labels: labelNames };
  });
}

/** Names of the series that a metric is read by. */
export const seriesOf = ({ name, type }: KnownMetric): string[] =>
  type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name];
