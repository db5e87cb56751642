import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Starts the watchdog. The returned function lets it go, once nothing of ours is left for it to end. */
export function watchOver(dataDir: string, runDir: string): () => Promise<void> {
  const extension = __filename.endsWith('.ts') ? 'ts' : 'js';
  const child = fork(join(__dirname, `watchdog.${extension}`), [dataDir, runDir], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
}
