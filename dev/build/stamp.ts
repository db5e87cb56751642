import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Changes with the name, size or time of any file below the folders, and with the installed dependencies. */
export function stampOf(root: string, folders: readonly string[]): string {
  const hash = createHash('sha256')
    .update(process.version)
    .update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of folders)
    if (existsSync(join(root, folder))) addFolder(join(root, folder), (text) => hash.update(text));
  return hash.digest('hex');
}

function addFolder(folder: string, add: (text: string) => void): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      addFolder(path, add);
    } else {
      const { size, mtimeMs } = statSync(path);
      add(`${path} ${size} ${mtimeMs}\n`);
    }
  }
}
