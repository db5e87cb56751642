import { writeFileSync } from 'node:fs';
import { bundleWorkflows } from '../../workers/bundle';

/** Bundles workflows/ once for all workers of the test run. Returns the file. */
export async function bundleOnce(target: string): Promise<string> {
  const { code } = await bundleWorkflows();
  // At one stroke: the folder may be removed by a stopping host at any moment between two.
  writeFileSync(target, code);
  return target;
}
