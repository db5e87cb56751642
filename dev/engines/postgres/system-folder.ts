import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EngineProblem } from '../engine';
import { reachableByOthers } from './unprivileged';

/**
 * As root, PostgreSQL runs as another user, and a project below a private folder (a root home, a `mktemp -d`) is
 * closed to that user. What it needs then goes into a folder of the system, one for each original path.
 */
export function systemFolder(kind: 'programs' | 'data', original: string): string {
  const base = baseFolder();
  mkdirSync(base, { recursive: true });
  chmodSync(base, 0o755);
  removeAbandoned(base);
  const folder = systemFolderPath(kind, original);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'original'), resolve(original));
  return folder;
}

/** Where the system folder of an original path is, made or not. */
export function systemFolderPath(kind: 'programs' | 'data', original: string): string {
  const name = createHash('sha256').update(resolve(original)).digest('hex').slice(0, 16);
  return join(baseFolder(), `${kind}-${name}`);
}

function baseFolder(): string {
  for (const folder of ['/var/lib', '/usr/local/var', '/var/tmp']) {
    if (existsSync(folder) && reachableByOthers(folder)) return join(folder, 'do-not-play');
  }
  throw new EngineProblem(
    'PostgreSQL runs as another user than root and found no folder that it could reach: move the project out of the private folder, or set DATABASE_URL.',
  );
}

/**
 * Programs without their package are of no use. Data whose project is gone may sit on a disk that is away at the
 * moment, so only that of clones in the temporary folder, which come and go without a reset, is removed.
 */
function removeAbandoned(base: string): void {
  const temporary = `${resolve(tmpdir())}/`;
  for (const name of readdirSync(base)) {
    const original = originalOf(join(base, name));
    if (original === null || existsSync(original)) continue;
    if (name.startsWith('programs-') || original.startsWith(temporary)) {
      rmSync(join(base, name), { recursive: true, force: true });
    }
  }
}

function originalOf(folder: string): string | null {
  try {
    return readFileSync(join(folder, 'original'), 'utf8');
  } catch {
    return null;
  }
}
