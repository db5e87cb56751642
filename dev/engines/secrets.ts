import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A secret of this machine's own engines, made at first use and kept in `keys/` of the data folder, readable by its
 * owner only.
 *
 * @param make what a new one looks like; 24 random bytes in base64url unless said otherwise
 */
export function localSecret(dataDir: string, name: string, make = () => randomBytes(24).toString('base64url')): string {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  try {
    writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
