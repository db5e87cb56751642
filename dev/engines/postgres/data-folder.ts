import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { discardElsewhere } from './elsewhere';
import { systemFolder, systemFolderPath } from './system-folder';
import { reachableByOthers, type SystemUser } from './unprivileged';

const POINTER = 'postgres-elsewhere';

/**
 * The folder that holds PostgreSQL's data as `postgres`: the data folder itself, or, where `user` can't enter it, a
 * folder of the system that the data folder points to.
 */
export function postgresStateFolder(dataDir: string, user: SystemUser | null): string {
  mkdirSync(dataDir, { recursive: true });
  if (user === null || reachableByOthers(realpathSync(dataDir))) return resolve(dataDir);
  const pointer = join(dataDir, POINTER);
  const token = readOr(pointer, () => {
    const made = randomUUID();
    writeFileSync(pointer, made);
    return made;
  });
  const folder = systemFolderPath('data', dataDir);
  // A data folder that was deleted and made again doesn't know this data any more, nor the passwords of its roles.
  if (existsSync(folder) && readOr(join(folder, 'token'), () => '') !== token) discardElsewhere(dataDir);
  systemFolder('data', dataDir);
  writeFileSync(join(folder, 'token'), token);
  return folder;
}

function readOr(file: string, otherwise: () => string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise();
  }
}
