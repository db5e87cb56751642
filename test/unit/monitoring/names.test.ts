import { readFileSync } from 'node:fs';
import { type Dashboard, readDashboards, readRules } from '../../../dev/monitoring/files';
import { partsOf } from '../../../dev/monitoring/promql';
import { offeredMetrics, seriesOf } from './known-metrics';
import { impossibleValues } from './label-values';
import { nativeName, temporalMetrics } from './temporal-metrics';

/** Put on by Prometheus itself. */
const fromPrometheus = ['job', 'instance', 'le'];

const rules = readRules();
const expressions = [
  ...rules.map(({ file, alert, record, expr }) => ({ where: `${file}: ${alert ?? record}`, expr })),
  ...readDashboards().flatMap(({ file, panels }: Dashboard) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr }))),
  ),
];

/** Series by name, with their labels. */
const known = new Map<string, ReadonlySet<string>>([['up', new Set()]]);
for (const metric of [...offeredMetrics(), ...temporalMetrics])
  for (const series of seriesOf(metric)) known.set(series, new Set([...metric.labels, ...(known.get(series) ?? [])]));
for (const { record, expr } of rules) if (record !== null) known.set(record, new Set(partsOf(expr).grouping));

/** What is wrong with an expression's names, in words. */
function faultsOf(expr: string): string[] {
  const { selectors, grouping } = partsOf(expr);
  const labels = new Set(selectors.flatMap(({ metric }) => [...(known.get(metric) ?? [])]));
  return [
    ...selectors.filter(({ metric }) => !known.has(metric)).map(({ metric }) => `there is no ${metric}`),
    ...grouping.filter((label) => !labels.has(label) && !fromPrometheus.includes(label)).map((l) => `nothing has ${l}`),
    ...selectors.flatMap(({ metric, matchers }) =>
      matchers.flatMap(({ label, value }) => [
        ...(known.get(metric)?.has(label) || fromPrometheus.includes(label) ? [] : [`${metric} has no ${label}`]),
        ...impossibleValues(metric, label, value).map((other) => `${label} of ${metric} is never ${other}`),
      ]),
    ),
  ];
}

describe('rules and dashboards', () => {
  it('name only what there is', () => {
    expect(expressions.length).toBeGreaterThan(90);
    const faults = expressions.flatMap(({ where, expr }) => faultsOf(expr).map((fault) => `${where}: ${fault}`));
    expect(faults).toEqual([]);
    expect(expressions.filter(({ expr }) => partsOf(expr).selectors.length === 0)).toEqual([]);
  });

  it('would be found out if they named what there is not', () => {
    expect(faultsOf('rate(dnp_provider_request_total[5m])')).toEqual(['there is no dnp_provider_request_total']);
    expect(faultsOf('http_request_duration_seconds')).toEqual(['there is no http_request_duration_seconds']);
    expect(faultsOf('sum by (path) (dnp_appeals{health="healthy"})')).toEqual([
      'nothing has path',
      'dnp_appeals has no health',
    ]);
    expect(faultsOf('dnp_connections{health=~"healthy|ill"}')).toEqual(['health of dnp_connections is never ill']);
  });
});

it('names Temporal’s own as the SDK’s native part does', () => {
  const native = readFileSync(
    require.resolve(`@temporalio/core-bridge/releases/${rustTarget()}/index.node`, {
      paths: [require.resolve('@temporalio/worker')],
    }),
  );
  const unknown = temporalMetrics.filter(({ name }) => !native.includes(nativeName(name)));
  expect(unknown).toEqual([]);
  expect(native.includes('workflow_task_execution_regretted')).toBe(false);
});

/** The folder of the native part for this machine. */
function rustTarget(): string {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return `${machine}-${process.platform === 'darwin' ? 'apple-darwin' : 'unknown-linux-gnu'}`;
}
