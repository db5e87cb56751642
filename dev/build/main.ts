import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Bundle from '../../workers/bundle';
import { projectRoot } from '../engines/project-root';
import { compileFolder } from './compile';

const SOURCES = ['api', 'workflows', 'activities', 'workers', 'domain', 'adapters', 'dev', 'ops'];

/** Makes `dist/`: the compiled programs, what they read, and the workflow bundle that workers load. */
async function main(): Promise<void> {
  const target = join(projectRoot, 'dist');
  rmSync(target, { recursive: true, force: true });
  for (const source of SOURCES) if (existsSync(join(projectRoot, source))) compileFolder(projectRoot, source, target);
  const { bundleWorkflows } = (await import(join(target, 'workers', 'bundle.js'))) as typeof Bundle;
  const { code } = await bundleWorkflows();
  writeFileSync(join(target, 'workflow-bundle.js'), code);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The build failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
