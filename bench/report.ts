import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../dev/engines/project-root';

/** One measured number. `goal` is null for a number that is only reported, and then so is `holds`. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal: number | null;
  /** Which side of its goal it must not leave. */
  bound?: 'most' | 'least';
  holds: boolean | null;
}

/** A figure that is only reported. */
export function reported(name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, goal: null, holds: null };
}

/** A figure that holds while it is not above its goal. */
export function atMost(goal: number, name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, goal, holds: value <= goal };
}

/** A figure that holds while it is not below its goal. */
export function atLeast(goal: number, name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, goal, bound: 'least', holds: value >= goal };
}

/** The middle of some measurements; of an even number the upper one of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('There is no median of nothing.');
  return middle;
}

/** The value below which that part of the others lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  if (value === undefined) throw new Error('There is no percentile of nothing.');
  return value;
}

/** The figures as lines of text, aligned. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, goal, bound, holds }) => [
    name,
    value.toLocaleString('en-US', { maximumFractionDigits: 3 }),
    unit,
    goal === null ? '' : `${bound === 'least' ? '≥' : '≤'} ${goal}`,
    holds === null ? '' : holds ? 'holds' : 'DOES NOT HOLD',
  ]);
  const all = [['Figure', 'Value', 'Unit', 'Goal', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, n) => (n === 1 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Writes `bench/results/NAME.json` and returns its path. */
export function writeResult(name: string, figures: readonly Figure[]): string {
  const folder = join(projectRoot, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify({ name, at: new Date().toISOString(), figures }, null, 2)}\n`);
  return path;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
