import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { forgetProcess, rememberProcess } from './process-record';

/** How to start one engine as a child of ours. */
export interface EngineCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Takes what the engine prints; overwritten at each start. */
  readonly logFile: string;
  /** Where the process id is kept so that a later start can find a process that outlived its parent. */
  readonly recordFile?: string;
  /** See ProcessRecord; 1 unless said otherwise. */
  readonly stopOrder?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Aborting it stops the process, also while it is still starting. */
  readonly signal?: AbortSignal;
  /** The signal that means "end in good order". */
  readonly stopSignal: NodeJS.Signals;
  /** After so many milliseconds without an end it is killed. */
  readonly stopWithinMs: number;
}

export interface EngineProcess {
  readonly pid: number;
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  stop(): Promise<void>;
  /** Ends it without ceremony; `ended` tells when. */
  kill(): void;
  /** The last lines that it printed, for error messages. */
  lastWords(): string;
}

/**
 * Starts an engine in a process group of its own, so that a Ctrl-C in the terminal reaches only us and the order of
 * stopping stays ours.
 */
export function startEngineProcess(command: EngineCommand): Promise<EngineProcess> {
  mkdirSync(dirname(command.logFile), { recursive: true });
  const log = openSync(command.logFile, 'w', 0o600);
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env ?? process.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
  });
  closeSync(log);

  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      over = true;
      if (command.recordFile) forgetProcess(command.recordFile);
      resolve(signal ? `ended by ${signal}` : `ended with code ${code}`);
    });
  });

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      const pid = child.pid ?? 0;
      const { recordFile, stopSignal, stopOrder = 1, signal } = command;
      if (recordFile) rememberProcess(recordFile, { pid, stopSignal, stopOrder });
      const stop = async () => {
        if (over) return;
        child.kill(stopSignal);
        const timer = setTimeout(() => killGroup(pid), command.stopWithinMs);
        await ended;
        clearTimeout(timer);
      };
      signal?.addEventListener('abort', () => void stop());
      if (signal?.aborted) void stop();
      const kill = () => {
        if (!over) killGroup(pid);
      };
      resolve({ pid, ended, hasEnded: () => over, lastWords: () => lastLines(command.logFile, 5), stop, kill });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone between the timer and the kill.
  }
}

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/** Waits until `probe` succeeds; false when the process ended or the time is over. */
export async function answersWithin(
  engine: Pick<EngineProcess, 'hasEnded'>,
  ms: number,
  probe: () => Promise<boolean>,
): Promise<boolean> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    if (engine.hasEnded()) return false;
    if (await probe().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Removes a file or folder of ours, present or not. */
export function discard(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
