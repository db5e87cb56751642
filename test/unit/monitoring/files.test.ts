import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { monitoringFolder, readDashboards, readRules, ruleTestFiles } from '../../../dev/monitoring/files';
import { projectRoot } from '../../../dev/engines/project-root';

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8');
const yaml = (...path: string[]) => parse(read(...path), { merge: true }) as unknown;

const alerts = readRules().flatMap((rule) => (rule.alert === null ? [] : [{ ...rule, alert: rule.alert }]));
const dashboards = readDashboards();

describe('alerts', () => {
  const names = alerts.map(({ alert }) => alert);
  const runbook = read('docs', 'runbook.md');
  const sections = new Map(
    runbook.split(/^## /m).map((section) => [section.split('\n', 1)[0] ?? '', section.slice(section.indexOf('\n'))]),
  );

  it('have names of their own, a severity, and one sentence that says what is wrong', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { alert, labels, annotations } of alerts) {
      expect([alert, Object.keys(labels), Object.keys(annotations)]).toEqual([
        alert,
        ['severity'],
        ['summary', 'runbook'],
      ]);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
    }
  });

  it.each(alerts)('$alert leads to its section of the runbook, which says what to do', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    expect(sections.get(alert)).toMatch(/^\n\n\w[^]*\n- \*\*Do\*\*: \S/);
  });

  it('are all that the runbook tells of', () => {
    expect([...sections.keys()].slice(2).sort()).toEqual([...names].sort());
  });

  it('each have a test in which they fire, and one in which they don’t', () => {
    interface Scene {
      alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[];
    }
    const scenes = ruleTestFiles().flatMap((file) => (yaml('ops', 'monitoring', file) as { tests: Scene[] }).tests);
    const looks = scenes.flatMap(({ alert_rule_test }) => alert_rule_test);
    const fires = ({ exp_alerts = [] }: (typeof looks)[number]) => exp_alerts.length > 0;
    for (const wanted of [true, false]) {
      const named = looks.filter((look) => fires(look) === wanted).map(({ alertname }) => alertname);
      expect([wanted, [...new Set(named)].sort()]).toEqual([wanted, [...names].sort()]);
    }
  });
});

describe('dashboards', () => {
  const { datasources } = yaml('ops', 'monitoring', 'grafana', 'provisioning', 'datasources', 'prometheus.yml') as {
    datasources: { uid: string; type: string; url: string; jsonData: { timeInterval: string } }[];
  };
  const { global } = yaml('ops', 'monitoring', 'prometheus.yml') as { global: { scrape_interval: string } };

  it('are one for each part that is watched', () => {
    expect(dashboards.map(({ file }) => file)).toEqual([
      'api.json',
      'enforcement.json',
      'moderation.json',
      'providers.json',
      'temporal.json',
      'vault.json',
    ]);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
  });

  it.each(dashboards)('$title has panels of its own ids that ask the one source and don’t overlap', ({ panels }) => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ datasource: { type, uid } }) => `${type} ${uid}`))).toEqual(
      new Set(['prometheus prometheus']),
    );
    const taken = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(taken).size).toBe(taken.length);
    for (const { gridPos, targets, title } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect([title, targets.length]).not.toEqual([title, 0]);
    }
  });

  it('ask a source that is there, and read as often as it is written', () => {
    expect(datasources).toMatchObject([
      {
        uid: 'prometheus',
        type: 'prometheus',
        url: 'http://prometheus:9090',
        jsonData: { timeInterval: global.scrape_interval },
      },
    ]);
  });
});

describe('docker-compose.yml', () => {
  const { services } = yaml('docker-compose.yml') as {
    services: Record<string, { environment?: Record<string, string>; volumes?: string[]; command?: string[] }>;
  };
  const { scrape_configs: scraped } = yaml('ops', 'monitoring', 'prometheus.yml') as {
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };

  it('has everything that Prometheus reads, where it reads it', () => {
    const ports = (name: string) =>
      Object.entries(services[name]?.environment ?? {}).filter(([key]) => key.endsWith('METRICS_PORT'));
    const offered = ['api', 'worker'].flatMap((name) => ports(name).map(([, port]) => `${name}:${port}`));
    const asked = scraped.flatMap(({ static_configs }) => static_configs.flatMap(({ targets }) => targets));
    expect(asked.sort()).toEqual(offered.sort());
  });

  it('gives Prometheus its rules and Grafana its dashboards, from files that are there', () => {
    const mounts = ['prometheus', 'grafana'].flatMap((name) => services[name]?.volumes ?? []);
    const files = mounts
      .filter((mount) => mount.startsWith('./'))
      .map((mount) => mount.split(':') as [string, string, string]);
    for (const [source, , mode] of files)
      expect([source, existsSync(join(projectRoot, source)), mode]).toEqual([source, true, 'ro']);
    const within = (path: string) => files.find(([, target]) => path === target || path.startsWith(`${target}/`));
    const config = services.prometheus?.command?.find((word) => word.startsWith('--config.file='))?.split('=')[1] ?? '';
    const { providers } = yaml('ops', 'monitoring', 'grafana', 'provisioning', 'dashboards', 'do-not-play.yml') as {
      providers: { options: { path: string } }[];
    };
    for (const path of [config, '/etc/grafana/provisioning', ...providers.map(({ options }) => options.path)])
      expect([path, within(path)?.[0] ?? 'not mounted']).not.toEqual([path, 'not mounted']);
    expect(existsSync(join(monitoringFolder, 'prometheus.yml'))).toBe(true);
  });
});
