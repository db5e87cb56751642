import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { startSystem, type System } from '../support/system';
import { tellWholeStory } from '../support/whole-story';

let system: System;
let executions: { workflowId: string; runId: string }[];
beforeAll(async () => {
  system = await startSystem();
  await system.startWorkers();
  executions = (await tellWholeStory(system)).map(({ workflowId }) => ({ workflowId, runId: '' }));
  for await (const { workflowId, runId } of system.client.workflow.list()) executions.push({ workflowId, runId });
}, 300_000);
afterAll(() => system?.close());

/** Everything that can be read of a workflow: its history with payloads, memo, search attributes, and what is pending. */
async function readable({ workflowId, runId }: { workflowId: string; runId: string }): Promise<string> {
  const handle = system.client.workflow.getHandle(workflowId, runId || undefined);
  const text = historyToJSON(await handle.fetchHistory());
  const payloads = [...text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString('utf8'),
  );
  const { raw, memo, typedSearchAttributes } = await handle.describe();
  return [text, ...payloads, JSON.stringify(raw), JSON.stringify(memo), JSON.stringify(typedSearchAttributes)].join(
    '\n',
  );
}

async function secrets(): Promise<string[]> {
  return (await system.admin.secrets()).filter((secret) => secret.length >= 6);
}

test('no token, code, e-mail address or name is in any history, memo, search attribute or failure', async () => {
  const hidden = await secrets();
  expect(hidden.length).toBeGreaterThan(20);
  expect(executions.length).toBeGreaterThan(30);
  for (const execution of executions) {
    const text = await readable(execution);
    expect(text.length).toBeGreaterThan(500);
    expect(hidden.filter((secret) => text.includes(secret))).toEqual([]);
  }
}, 120_000);

test('failures in histories are codes: no message, no stack, no cause that says more', async () => {
  for (const execution of executions) {
    const text = await readable(execution);
    for (const [, message] of text.matchAll(/"message": ?"([^"]*)"/g))
      expect(message).toMatch(/^[A-Za-z][\w. -]{0,60}$/);
    expect([...text.matchAll(/"stackTrace": ?"([^"]+)"/g)]).toEqual([]);
  }
}, 120_000);

test('nor in what people and operators see of jobs, runs, actions and starts', async () => {
  const em = system.orm.em.fork();
  const tables = [
    'jobs',
    'job_milestones',
    'outbox',
    'runs',
    'actions',
    'plans',
    'audit_entries',
    'library_generations',
  ];
  const hidden = await secrets();
  for (const table of tables) {
    const rows = await em.execute<{ line: string }[]>(`select row_to_json(t)::text as line from ${table} t`);
    const text = rows.map((row) => row.line).join('\n');
    expect(hidden.filter((secret) => text.includes(secret))).toEqual([]);
  }
}, 60_000);
