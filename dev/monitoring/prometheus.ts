import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { EngineProblem } from '../engines/engine';
import { answersWithin, startEngineProcess } from '../engines/engine-process';
import { freePort } from '../engines/free-port';
import { monitoringFolder } from './files';
import { prometheusProgram } from './programs';

/** Where each job of `prometheus.yml` is found on this machine, `host:port`. */
export type Targets = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface RunningPrometheus {
  readonly url: string;
  /** What an expression has at this moment. Throws what Prometheus says where it can't make sense of it. */
  query(expression: string): Promise<Sample[]>;
  /** `inactive`, `pending` or `firing`, by alert. */
  alertStates(): Promise<Map<string, string>>;
  stop(): Promise<void>;
}

/** Seconds between two scrapes: what takes minutes otherwise is to be seen at once. */
const scrapeEvery = 2;

/**
 * Starts a real Prometheus on 127.0.0.1 with the project's own configuration and rules, looking at other targets and more often.
 * Everything that it keeps is in `folder`. Throws EngineProblem where it is not installed or does not come up.
 */
export async function startPrometheus(folder: string, targets: Targets): Promise<RunningPrometheus> {
  const file = prometheusProgram('prometheus');
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, configurationFor(targets));
  const running = await startEngineProcess({
    file,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    logFile: join(folder, 'prometheus.log'),
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  });
  const url = `http://127.0.0.1:${port}`;
  const ready = await answersWithin(running, 30_000, async () => (await fetch(`${url}/-/ready`)).ok);
  if (!ready) {
    await running.stop();
    throw new EngineProblem(`Prometheus does not come up: ${running.lastWords()}`);
  }
  return {
    url,
    query: async (expression) => {
      const { result } = (await ask(url, `query?${new URLSearchParams({ query: expression }).toString()}`)) as {
        result: { metric: Record<string, string>; value: [number, string] }[];
      };
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    alertStates: async () => {
      const { groups } = (await ask(url, 'rules?type=alert')) as {
        groups: { rules: { name: string; state: string }[] }[];
      };
      return new Map(groups.flatMap(({ rules }) => rules.map(({ name, state }) => [name, state])));
    },
    stop: () => running.stop(),
  };
}

function configurationFor(targets: Targets): string {
  const own = parse(readFileSync(join(monitoringFolder, 'prometheus.yml'), 'utf8')) as {
    rule_files: string[];
    scrape_configs: { job_name: string }[];
  };
  return stringify({
    ...own,
    global: { scrape_interval: `${scrapeEvery}s`, evaluation_interval: `${scrapeEvery}s` },
    rule_files: own.rule_files.map((pattern) => join(monitoringFolder, pattern)),
    scrape_configs: own.scrape_configs.map(({ job_name }) => ({
      job_name,
      static_configs: [{ targets: [targets[job_name] ?? ''] }],
    })),
  });
}

async function ask(url: string, what: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${what}`);
  const answer = (await response.json()) as { status: string; error?: string; data: unknown };
  if (answer.status !== 'success') throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
  return answer.data;
}
