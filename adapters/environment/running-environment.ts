import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Record<string, string | undefined>;

/**
 * The environment for a command that works beside a running system: where DATABASE_URL is not set, the one that `npm start`
 * gave its processes and left in the data folder, readable by its owner only. What is set in `own` counts more.
 */
export function runningEnvironment(own: Environment): Environment {
  if (own.DATABASE_URL) return own;
  try {
    const text = readFileSync(join(own.DATA_DIR || '.data', 'environment.json'), 'utf8');
    const kept = JSON.parse(text) as Record<string, unknown>;
    const words = Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return { ...Object.fromEntries(words), ...own };
  } catch {
    return own;
  }
}
