import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Bundle from '../../workers/bundle';
import { projectRoot } from '../engines/project-root';
import { stampOf } from './stamp';

const SOURCES = ['api', 'workflows', 'activities', 'workers', 'domain', 'adapters', 'dev', 'ops'];

/** Makes `dist/`: the compiled programs, what they read, and the workflow bundle that workers load. */
async function build(target: string): Promise<void> {
  // Loaded only when there is something to build, which is seldom.
  const { compileFolder } = await import('./compile.js');
  rmSync(target, { recursive: true, force: true });
  for (const source of SOURCES) if (existsSync(join(projectRoot, source))) compileFolder(projectRoot, source, target);
  const { bundleWorkflows } = (await import(join(target, 'workers', 'bundle.js'))) as typeof Bundle;
  const { code } = await bundleWorkflows();
  writeFileSync(join(target, 'workflow-bundle.js'), code);
}

async function main(): Promise<void> {
  const target = join(projectRoot, 'dist');
  const stampFile = join(target, '.built-from');
  const stamp = stampOf(projectRoot, SOURCES);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  await build(target);
  writeFileSync(stampFile, stamp);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The build failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
