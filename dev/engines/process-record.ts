import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A process id alone may belong to somebody else by the time it is read; together with the time the process began it
 * names one process only.
 */
export interface ProcessRecord {
  readonly pid: number;
  readonly began: string;
  /** What tells it to end in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** Those with a lower number are stopped first: what uses an engine before the engine. */
  readonly stopOrder: number;
}

/** Writes down a process that runs, so that it is found again should its parent die before it. */
export function rememberProcess(file: string, process: Omit<ProcessRecord, 'began'>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...process, began: beginningOf(process.pid) ?? '' } satisfies ProcessRecord));
}

export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/** The process that the file names, if that very process still runs. */
export function rememberedProcess(file: string): ProcessRecord | null {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
    return stillRuns(record) ? record : null;
  } catch {
    return null;
  }
}

/** When a process began, in the system's own words; null when there is none. */
export function beginningOf(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie has ended; it only waits for its parent to notice.
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/**
 * Ends every process written down in a folder, in their order, first kindly, then by force.
 *
 * @returns the names of those that were still running
 */
export async function endRemembered(folder: string, withinMs: number): Promise<string[]> {
  const found = namesIn(folder).flatMap((name) => {
    const record = rememberedProcess(join(folder, name));
    return record ? [{ name, record }] : [];
  });
  const orders = [...new Set(found.map(({ record }) => record.stopOrder))].sort((a, b) => a - b);
  for (const order of orders) {
    await Promise.all(
      found.filter(({ record }) => record.stopOrder === order).map(({ record }) => end(record, withinMs)),
    );
  }
  for (const { name } of found) if (!rememberedProcess(join(folder, name))) forgetProcess(join(folder, name));
  return found.map(({ name }) => name.replace(/\.json$/, ''));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

const stillRuns = ({ pid, began }: ProcessRecord) => began !== '' && beginningOf(pid) === began;

async function end(record: ProcessRecord, withinMs: number): Promise<void> {
  send(record, record.stopSignal);
  const until = Date.now() + withinMs;
  while (stillRuns(record) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  if (stillRuns(record)) send(record, 'SIGKILL');
}

function send({ pid }: ProcessRecord, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended in the meantime.
  }
}
