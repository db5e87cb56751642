import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFolder } from '../dev/build/compile';
import { projectRoot } from '../dev/engines/project-root';
import type { Cleanup } from './cleanup';

const sources = ['api', 'workflows', 'activities', 'workers', 'domain', 'adapters', 'bench', 'dev'];

/**
 * A folder with our programs as they run in production: loading TypeScript as it is would add what the translator holds in
 * memory to what is measured. Removed at the end.
 */
export function compiled(cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'dnp-bench-programs-'));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  for (const source of sources) compileFolder(projectRoot, source, folder);
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  return folder;
}
