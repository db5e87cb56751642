import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadOwnSettings } from '../demo/addresses';
import { textTable } from '../demo/text-table';
import { EngineProblem } from '../engines/engine';
import { projectRoot } from '../engines/project-root';
import { lastLine, runTool } from '../engines/run-tool';
import { readSettings, type Settings } from '../supervisor/settings';
import { createJudge, type Verdict } from './answers';
import { asked, readDashboards, readRules } from './files';
import { partsOf } from './promql';
import { type RunningPrometheus, type Sample, startPrometheus, type Targets } from './prometheus';

/**
 * `npm run monitoring:prove`: starts a real Prometheus that looks at a running `npm start`, drives the demo's two stories so that there
 * is something to see (`-- --no-demo`: watches for half a minute instead), asks every panel's and every alert's query, and prints what
 * each has. Ends with 1 where one has nothing that should have something, with 2 where it could not look.
 */
async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const unknown = words.find((word) => word !== '--no-demo');
  if (unknown) throw new EngineProblem(`There is no flag "${unknown}"; there is --no-demo.`);
  loadOwnSettings();
  const settings = readSettings(process.env);
  const folder = mkdtempSync(join(tmpdir(), 'do-not-play-prometheus-'));
  try {
    return await prove(folder, targetsOf(settings), !words.includes('--no-demo'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prove(folder: string, targets: Targets, withDemo: boolean): Promise<number> {
  const prometheus = await startPrometheus(folder, targets);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  try {
    await untilScraped(prometheus, Object.keys(targets), interrupted.signal);
    if (withDemo) await tellStories(interrupted.signal);
    else await delay(30_000, undefined, interrupted);
    // What the last call counted is read by two more scrapes; what the database is asked for is asked every quarter of a minute.
    await delay(20_000, undefined, interrupted);
    return await report(prometheus);
  } finally {
    await prometheus.stop();
  }
}

function targetsOf({ ports }: Settings): Targets {
  const at = ({ number }: { number: number }) => `127.0.0.1:${number}`;
  return { api: at(ports.apiMetrics), worker: at(ports.workerMetrics), 'temporal-sdk': at(ports.temporalMetrics) };
}

async function untilScraped(
  prometheus: RunningPrometheus,
  jobs: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const seen = await prometheus.query('sum_over_time(up[1m]) >= 3');
    const missing = jobs.filter((job) => !seen.some(({ labels }) => labels.job === job));
    if (missing.length === 0) return;
    if (Date.now() > until)
      throw new EngineProblem(
        `Prometheus could not read ${missing.join(', ')}: start the system with npm start, on the same ports, and run this again.`,
      );
    await delay(1_000, undefined, { signal });
  }
}

async function tellStories(signal: AbortSignal): Promise<void> {
  for (const flags of [[], ['--appeal']]) {
    process.stdout.write(`npm run demo${flags.length > 0 ? ` -- ${flags.join(' ')}` : ''} …\n`);
    const demo = join(projectRoot, 'dev', 'demo', 'main.ts');
    const { code, stdout, stderr } = await runTool(process.execPath, ['--import', 'tsx', demo, ...flags], { signal });
    if (code !== 0)
      throw new EngineProblem(`The demo did not come to its end: ${lastLine(stderr) || lastLine(stdout)}`);
  }
}

async function report(prometheus: RunningPrometheus): Promise<number> {
  const rules = readRules();
  const panels = readDashboards().flatMap(({ title, panels: shown }) =>
    shown.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({ where: title, what: panel.title, expr: asked(expr, '5m') })),
    ),
  );
  const counted = new Map<string, number>();
  for (const { expr } of [...rules, ...panels])
    for (const metric of metricsOf(expr))
      if (!counted.has(metric)) counted.set(metric, (await prometheus.query(metric)).length);
  const recorded = new Map(rules.flatMap(({ record, expr }) => (record === null ? [] : [[record, expr] as const])));
  const judge = createJudge(recorded, (metric) => (counted.get(metric) ?? 0) > 0);
  const states = await prometheus.alertStates();

  const rows: { cells: string[]; verdict: Verdict }[] = [];
  const addNumbers = async (where: string, what: string, expr: string) => {
    const samples = await prometheus.query(expr);
    rows.push({ cells: [where, what, String(samples.length), shown(samples)], verdict: judge.numbers(expr, samples) });
  };
  for (const { where, what, expr } of panels) await addNumbers(where, what, expr);
  for (const { file, alert, record, expr } of rules) {
    if (record !== null) await addNumbers(`rules/${file}`, record, expr);
    if (alert === null) continue;
    const series = metricsOf(expr).reduce((sum, metric) => sum + (counted.get(metric) ?? 0), 0);
    const state = states.get(alert);
    const cells = [`rules/${file}`, `alert ${alert}`, String(series), state ?? ''];
    rows.push({ cells, verdict: judge.alert(expr, state) });
  }
  return print(rows);
}

function print(rows: readonly { cells: string[]; verdict: Verdict }[]): number {
  const headings = ['Dashboard or rule', 'Panel, recorded or alert', 'Series', 'Value', 'Remark'];
  const table = textTable(
    headings,
    rows.map(({ cells, verdict }) => [...cells, verdict.remark]),
    '',
  );
  const failed = rows.filter(({ verdict }) => !verdict.holds).length;
  process.stdout.write(
    `${table.join('\n')}\n\n${rows.length} queries: ${rows.length - failed} as they should be, ${failed} not. An alert’s series are those that it reads.\n`,
  );
  return failed > 0 ? 1 : 0;
}

const metricsOf = (expr: string) => [...new Set(partsOf(expr).selectors.map(({ metric }) => metric))];

/** The first values, so that a person sees whether they can be true. */
function shown(samples: readonly Sample[]): string {
  const values = samples.slice(0, 3).map(({ value }) => String(Number(value.toPrecision(4))));
  return `${values.join(', ')}${samples.length > 3 ? ', …' : ''}`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof EngineProblem ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
