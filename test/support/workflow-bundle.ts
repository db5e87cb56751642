import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../dev/engines/project-root';

/** Bundles workflows/ once for all workers of the test run. Returns the file. */
export async function bundleWorkflows(target: string): Promise<string | null> {
  const workflowsPath = join(projectRoot, 'workflows', 'index.ts');
  if (!existsSync(workflowsPath)) return null;
  const failureConverterPath = join(projectRoot, 'workflows', 'failure-converter.ts');
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    ...(existsSync(failureConverterPath) ? { failureConverterPath } : {}),
    logger: new DefaultLogger('ERROR'),
  });
  await writeFile(target, code);
  return target;
}
