import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { defaultPayloadConverter } from '@temporalio/common';
import { createJob } from '../../adapters/postgres/jobs';
import { newId } from '../../adapters/postgres/ids';
import { type MikroORM, openOrm } from '../../adapters/postgres/orm';
import { openTemporal } from '../../adapters/temporal/client';
import { createDispatcher, type Dispatcher } from '../../adapters/temporal/dispatch';
import { inTraceOf } from '../../adapters/tracing/trace-context';
import { parseTraceparent } from '../../domain/trace-context';
import { createTestDatabase, temporalAddress, temporalNamespace, type TestDatabase } from '../support/engines';

let database: TestDatabase;
let orm: MikroORM;
let client: Awaited<ReturnType<typeof openTemporal>>;
let dispatcher: Dispatcher;
let userId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm(database.url);
  client = await openTemporal({ address: temporalAddress(), namespace: await temporalNamespace() });
  dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  userId = newId();
  await orm.em.fork().execute(`insert into users (id, display_name) values (?, 'x')`, [userId]);
});
afterAll(async () => {
  await client?.connection.close();
  await orm?.close(true);
});

/** A job on a run's workflow, as executing it and trying it again make one. */
async function job(runId: string): Promise<{ jobId: string; outboxId: string }> {
  return orm.em.fork().transactional((tx) =>
    Promise.resolve(
      createJob(tx, {
        type: 'enforce',
        userId,
        subjectType: 'run',
        subjectId: runId,
        provider: 'spotify',
        workflowType: 'enforce',
        workflowId: () => `run:${runId}`,
        input: (jobId) => ({ runId, jobId }),
        requestId: null,
      }),
    ),
  );
}

const execution = (runId: string) => client.workflow.getHandle(`run:${runId}`).describe();
const finish = (jobId: string) =>
  orm.em.fork().execute(`update jobs set status = 'completed', finished_at = now() where id = ?`, [jobId]);

/** A run whose job has ended while its execution is still open, and that is opened again by another job. */
async function endedAndOpenedAgain() {
  const runId = newId();
  const one = await job(runId);
  await dispatcher.start(one.outboxId);
  const { runId: first } = await execution(runId);
  await finish(one.jobId);
  return { runId, first, other: await job(runId) };
}

// No worker takes these up: what is started stays open until it is ended here.
test('a start twice over is one execution', async () => {
  const runId = newId();
  const { outboxId } = await job(runId);
  await dispatcher.start(outboxId);
  const { runId: first } = await execution(runId);
  await orm.em.fork().execute(`update outbox set started_at = null where id = ?`, [outboxId]);
  await dispatcher.start(outboxId);
  expect((await execution(runId)).runId).toBe(first);
});

test('a start belongs to the trace that it was written in, whoever starts it', async () => {
  new NodeTracerProvider().register({ propagator: null });
  const [requests, sweeps] = ['4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c'];
  const traceparent = (traceId: string | undefined) => `00-${traceId}-00f067aa0ba902b7-01`;
  const traced = newId();
  const untraced = newId();
  const one = await inTraceOf(traceparent(requests), () => job(traced));
  const other = await job(untraced);
  const carried = async (runId: string) => {
    const { events } = await client.workflow.getHandle(`run:${runId}`).fetchHistory();
    const { fields } = events?.[0]?.workflowExecutionStartedEventAttributes?.header ?? {};
    return parseTraceparent(fields?.traceparent && defaultPayloadConverter.fromPayload(fields.traceparent))?.traceId;
  };
  await inTraceOf(traceparent(sweeps), async () => {
    for (const { outboxId } of [one, other]) await dispatcher.start(outboxId);
  });
  context.disable();
  trace.disable();
  expect(await carried(traced)).toBe(requests);
  expect([requests, sweeps]).not.toContain(await carried(untraced));
});

test('an execution whose job has ended takes no other job along: its end is waited for', async () => {
  const { runId, first, other } = await endedAndOpenedAgain();
  const started = dispatcher.start(other.outboxId);
  await client.workflow.getHandle(`run:${runId}`, first).terminate();
  await started;
  const now = await execution(runId);
  expect(now.runId).not.toBe(first);
  expect(now.status.name).toBe('RUNNING');
  const [row] = await orm.em
    .fork()
    .execute<{ workflow_run_id: string }[]>(`select workflow_run_id from jobs where id = ?`, [other.jobId]);
  expect(row?.workflow_run_id).toBe(now.runId);
});

test('an execution whose job has ended and that closes while it is looked at takes no other job along either', async () => {
  const { runId, first, other } = await endedAndOpenedAgain();
  const start: typeof client.workflow.start = async (type, options) => {
    try {
      return await client.workflow.start(type, options);
    } catch (error) {
      await client.workflow.getHandle(`run:${runId}`, first).terminate();
      throw error;
    }
  };
  const workflow = Object.create(client.workflow, { start: { value: start } }) as typeof client.workflow;
  const closing = Object.create(client, { workflow: { value: workflow } }) as typeof client;
  await createDispatcher({ orm, client: closing, onLeft: () => undefined }).start(other.outboxId);
  const now = await execution(runId);
  expect(now.runId).not.toBe(first);
  expect(now.status.name).toBe('RUNNING');
});

test('one that does not end in time leaves the start to the next sweep', async () => {
  const { other } = await endedAndOpenedAgain();
  await expect(dispatcher.start(other.outboxId)).rejects.toThrow();
  const left = await orm.em
    .fork()
    .execute(`select id from outbox where id = ? and started_at is null`, [other.outboxId]);
  expect(left).toHaveLength(1);
});
