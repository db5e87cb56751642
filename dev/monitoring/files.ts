import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../engines/project-root';

/** What operators are given: Prometheus's configuration and rules, Grafana's dashboards. */
export const monitoringFolder = join(projectRoot, 'ops', 'monitoring');

export interface Rule {
  readonly file: string;
  /** An alert's name, or null for a rule that records. */
  readonly alert: string | null;
  readonly record: string | null;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly targets: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

export interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface RuleFile {
  groups: { name: string; rules: Partial<Rule>[] }[];
}

const filesIn = (folder: string, ending: string) =>
  readdirSync(join(monitoringFolder, folder))
    .filter((name) => name.endsWith(ending))
    .sort();

/** Each rule of each file, in Prometheus's order. */
export function readRules(): Rule[] {
  return filesIn('rules', '.yml').flatMap((file) => {
    const { groups } = parse(readFileSync(join(monitoringFolder, 'rules', file), 'utf8')) as RuleFile;
    return groups.flatMap(({ rules }) =>
      rules.map(({ alert = null, record = null, expr = '', labels = {}, annotations = {} }) => ({
        file,
        alert,
        record,
        expr,
        labels,
        annotations,
      })),
    );
  });
}

export function readDashboards(): Dashboard[] {
  const folder = join('grafana', 'dashboards');
  return filesIn(folder, '.json').map((file) => ({
    ...(JSON.parse(readFileSync(join(monitoringFolder, folder, file), 'utf8')) as Omit<Dashboard, 'file'>),
    file,
  }));
}

/** Names of the files with the rules' own tests, for promtool. */
export const ruleTestFiles = (): string[] => filesIn('tests', '.yml').map((file) => join('tests', file));

/** A panel's expression as Prometheus takes it: the interval that Grafana fills in by the picture's width is put in. */
export const asked = (expr: string, interval: string): string => expr.replaceAll('$__rate_interval', interval);
