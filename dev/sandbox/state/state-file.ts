import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SandboxState } from './model';

const settleMs = 200;

/** Keeps the state in one JSON file: written shortly after a change and at the end, each time as a whole or not at all. */
export interface StateFile {
  /** Tells that something changed. */
  changed(): void;
  /** Writes now what has changed. */
  flush(): void;
}

type Later = 'appleMusic' | 'spotifyApps' | 'spotifyQuotas';

/** A state as it is kept; what an earlier version of the sandbox did not know yet is missing from it. */
export type KeptState = Omit<SandboxState, Later> & Partial<Pick<SandboxState, Later>>;

interface Stored {
  fingerprint: string;
  state: KeptState;
}

/**
 * Reads what an earlier process left, or null where there is nothing.
 *
 * @throws Error where the file is there but holds something else
 */
export function readState(path: string): Stored | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return JSON.parse(text) as Stored;
  } catch {
    throw new Error(`The sandbox's state file ${path} is damaged. Remove it to start with fresh accounts.`);
  }
}

/** @param path null keeps nothing */
export function openStateFile(path: string | null, fingerprint: string, current: () => SandboxState): StateFile {
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    timer = undefined;
    if (path === null) return;
    mkdirSync(dirname(path), { recursive: true });
    const fresh = `${path}.new`;
    writeFileSync(fresh, JSON.stringify({ fingerprint, state: current() } satisfies Stored), { mode: 0o600 });
    renameSync(fresh, path);
  };
  return {
    changed: () => {
      timer ??= setTimeout(write, settleMs);
    },
    flush: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      write();
    },
  };
}
