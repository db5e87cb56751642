import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Say } from '../engines/engine';
import { projectRoot } from '../engines/project-root';
import { forgetProcess, rememberProcess } from '../engines/process-record';
import type { Kept } from './keeper';
import { noteworthy } from './log-line';

export interface AppProgram {
  /** Names its log file and its record. */
  readonly name: string;
  /** From the project's root, without its extension. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly runDir: string;
  readonly logDir: string;
  readonly say: Say;
  /** For Node.js itself. */
  readonly nodeArguments?: readonly string[];
  /** See ProcessRecord; 0 unless said otherwise. */
  readonly stopOrder?: number;
  /** After so many milliseconds without an end it is killed. */
  readonly stopWithinMs: number;
}

/**
 * Starts one of our own programs. Everything that it prints goes to its log file, and warnings and errors to the
 * terminal too.
 */
export function startApp(program: AppProgram, signal: AbortSignal): Promise<Kept> {
  mkdirSync(program.logDir, { recursive: true });
  const log = createWriteStream(join(program.logDir, `${program.name}.log`), { flags: 'a', mode: 0o600 });
  const child = spawn(process.execPath, [...(program.nodeArguments ?? []), ...scriptArguments(program.script)], {
    cwd: projectRoot,
    env: program.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      log.write(`${line}\n`);
      const text = noteworthy(line, stream === child.stderr);
      if (text) program.say(`${program.name}: ${text}`);
    });
  }
  const record = join(program.runDir, `${program.name}.json`);
  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, killer) => {
      over = true;
      log.end();
      forgetProcess(record);
      resolve(killer ? `ended by ${killer}` : `ended with code ${code}`);
    });
  });
  const stop = async () => {
    if (over) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), program.stopWithinMs);
    await ended;
    clearTimeout(timer);
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      const pid = child.pid ?? 0;
      rememberProcess(record, { pid, stopSignal: 'SIGTERM', stopOrder: program.stopOrder ?? 0 });
      if (signal.aborted) void stop();
      resolve({ pid, ended, stop });
    });
  });
}

/** A launcher that runs from its source runs the others from theirs. */
function scriptArguments(script: string): string[] {
  if (__filename.endsWith('.ts')) return ['--import', 'tsx', join(projectRoot, `${script}.ts`)];
  return ['--enable-source-maps', join(projectRoot, 'dist', `${script}.js`)];
}
