import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A process id alone may belong to somebody else by the time it is read; together with the time the process began it
 * names one process only.
 */
export interface ProcessRecord {
  readonly pid: number;
  readonly began: string;
}

/** Writes down which process runs, as `{ pid, began }`. */
export function rememberProcess(file: string, pid: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ pid, began: beginningOf(pid) ?? '' } satisfies ProcessRecord));
}

export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/** The process that the file names, if that very process still runs. */
export function rememberedProcess(file: string): number | null {
  try {
    const { pid, began } = JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
    return began !== '' && beginningOf(pid) === began ? pid : null;
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

/** Ends a process that an earlier start left behind, first kindly, then by force. */
export async function endLeftover(file: string, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  const pid = rememberedProcess(file);
  if (pid === null) {
    forgetProcess(file);
    return false;
  }
  process.kill(pid, signal);
  const until = Date.now() + withinMs;
  while (rememberedProcess(file) !== null && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (rememberedProcess(file) !== null) process.kill(pid, 'SIGKILL');
  forgetProcess(file);
  return true;
}
