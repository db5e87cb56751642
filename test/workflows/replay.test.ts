import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { loadBundle } from '../../workers/bundle';
import * as workflows from '../../workflows';
import { workflowBundle } from '../support/engines';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const folder = join(__dirname, '..', 'fixtures', 'histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const historyOf = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const typeOf = (file: string) =>
  /"workflowType": \{\s*"name": "(\w+)"/.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? 'unknown';

const failureConverterPath = require.resolve('../../adapters/temporal/failure-converter');
const replay = (bundle: WorkflowBundle, file: string) =>
  Worker.runReplayHistory({ workflowBundle: bundle, dataConverter: { failureConverterPath } }, historyOf(file));

test('there is a recorded history of every workflow', () => {
  expect([...new Set(files.map(typeOf))].sort()).toEqual(Object.keys(workflows).sort());
});

describe('the workflows as they are', () => {
  let bundle: WorkflowBundle;
  beforeAll(async () => {
    bundle = await loadBundle(workflowBundle().codePath);
  });

  test.each(files)(
    'go on from %s',
    async (file) => {
      await replay(bundle, file);
    },
    60_000,
  );
});

describe('twins that do their steps in another order', () => {
  let bundle: WorkflowBundle;
  beforeAll(async () => {
    bundle = await bundleWorkflowCode({
      workflowsPath: require.resolve('../support/broken-workflows'),
      workflowInterceptorModules: [require.resolve('../../workflows/interceptors')],
      failureConverterPath,
      logger: new DefaultLogger('ERROR'),
    });
  }, 60_000);

  test.each(files)(
    'are found out by %s',
    async (file) => {
      await expect(replay(bundle, file)).rejects.toThrow(DeterminismViolationError);
    },
    60_000,
  );
});
