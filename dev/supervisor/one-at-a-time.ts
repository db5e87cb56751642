import { join } from 'node:path';
import { EngineProblem } from '../engines/engine';
import { forgetProcess, rememberedProcess, rememberProcess } from '../engines/process-record';

const lockFile = (dataDir: string) => join(dataDir, 'launcher.json');

/** The process id of a launcher that runs on this data folder, or null. */
export function runningLauncher(dataDir: string): number | null {
  return rememberedProcess(lockFile(dataDir))?.pid ?? null;
}

/** Claims the data folder for this process. Throws EngineProblem while another launcher has it. */
export function claim(dataDir: string): () => void {
  const other = runningLauncher(dataDir);
  if (other !== null) {
    throw new EngineProblem(
      `Do Not Play already runs on ${dataDir} (process ${other}): use that one, stop it, or set DATA_DIR and other ports for a second.`,
    );
  }
  rememberProcess(lockFile(dataDir), { pid: process.pid, stopSignal: 'SIGTERM', stopOrder: 0 });
  return () => forgetProcess(lockFile(dataDir));
}
