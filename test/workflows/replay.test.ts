import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { loadBundle } from '../../workers/bundle';
import { traceExecutions } from '../../workers/trace-executions';
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

test.each(['enforce.json', 'appeal.json'])('%s goes on the same where it began in a trace', async (file) => {
  const { metadata, data } = defaultPayloadConverter.toPayload(
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  );
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
  const traceparent = { metadata: { encoding: base64(metadata?.encoding) }, data: base64(data) };
  const history = JSON.parse(
    // The first of them is the header of the execution's start.
    readFileSync(join(folder, file), 'utf8').replace(
      '"header": {}',
      `"header": ${JSON.stringify({ fields: { traceparent } })}`,
    ),
  ) as unknown;
  const bundle = await loadBundle(workflowBundle().codePath);
  const options = {
    workflowBundle: bundle,
    dataConverter: { failureConverterPath },
    sinks: traceExecutions,
  };
  await Worker.runReplayHistory(options, history);
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
