import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineProblem } from '../engine';

/** The user that PostgreSQL runs under; null where we aren't root and it simply runs as we do. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so as root we hand it to `postgres`, or to `nobody` where that user is missing;
 * a development launcher has no business adding users to the system.
 */
export function unprivilegedUser(passwdFile = '/etc/passwd'): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync(passwdFile, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = users.find((fields) => fields[0] === name);
    if (found) return { name, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new EngineProblem(
    'PostgreSQL does not run as root and this system has neither a user "postgres" nor "nobody": add one (useradd --system postgres) or start as another user.',
  );
}

/** Whether any user may walk to this path and enter or read it: every folder on the way lets others through. */
export function reachableByOthers(path: string): boolean {
  const mode = modeOf(path);
  if (mode === null) return dirname(path) !== path && reachableByOthers(dirname(path));
  if ((mode & 0o001) === 0) return false;
  return dirname(path) === path || reachableByOthers(dirname(path));
}

/** Whether the programs and libraries below `native` can be run by others, as far as the first of each tells. */
export function runnableByOthers(native: string): boolean {
  return (
    reachableByOthers(join(native, 'bin', 'postgres')) &&
    [join(native, 'lib'), join(native, 'share', 'postgresql')].every(
      (folder) => ((modeOf(folder) ?? 0) & 0o005) === 0o005,
    )
  );
}

function modeOf(path: string): number | null {
  try {
    return statSync(path).mode;
  } catch {
    return null;
  }
}
