import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../engines/project-root';

/** Where the running system is. Origins have no slash at the end. */
export interface Addresses {
  api: string;
  sandbox: string;
  /** Records of the processes that `npm start` runs. */
  runDir: string;
}

/** Reads `.env` as `npm start` does; what the environment already says counts more. */
export function loadOwnSettings(): void {
  const file = join(projectRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** The addresses that an environment names. */
export function addressesOf(environment: NodeJS.ProcessEnv): Addresses {
  const { API_URL, API_PORT, SANDBOX_URL, SANDBOX_PORT, DATA_DIR } = environment;
  return {
    api: new URL(API_URL || `http://127.0.0.1:${API_PORT || 8080}`).origin,
    sandbox: new URL(SANDBOX_URL || `http://127.0.0.1:${SANDBOX_PORT || 8090}`).origin,
    runDir: join(resolve(projectRoot, DATA_DIR || '.data'), 'run'),
  };
}
