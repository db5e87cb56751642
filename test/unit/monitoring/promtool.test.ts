import { join } from 'node:path';
import { runTool } from '../../../dev/engines/run-tool';
import { projectRoot } from '../../../dev/engines/project-root';

// promtool comes with the machine, not with the project: where it is missing this fails, and says what to install.
(process.env.LONG ? it : it.skip)('promtool finds nothing wrong, and each rule’s own tests hold', async () => {
  const check = join(projectRoot, 'dev', 'monitoring', 'check.ts');
  const { code, stdout, stderr } = await runTool(process.execPath, ['--import', 'tsx', check]);
  expect({ code, stdout, stderr }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('All is well.') as string,
  });
});
