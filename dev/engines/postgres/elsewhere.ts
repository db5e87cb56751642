import { rmSync } from 'node:fs';
import { EngineProblem } from '../engine';
import { packagedPostgres } from './programs';
import { systemFolderPath } from './system-folder';

/** Removes what this data folder's PostgreSQL keeps outside of it, if anything. */
export function discardElsewhere(dataDir: string): void {
  discardSystemFolder('data', () => dataDir);
}

/** Removes the copy of PostgreSQL's programs outside of the project, if there is one. */
export function discardProgramsElsewhere(): void {
  discardSystemFolder('programs', packagedPostgres);
}

function discardSystemFolder(kind: 'programs' | 'data', original: () => string): void {
  try {
    rmSync(systemFolderPath(kind, original()), { recursive: true, force: true });
  } catch (error) {
    // Where no package or no folder of the system is to be found, nothing was put there.
    if (!(error instanceof EngineProblem)) throw error;
  }
}
