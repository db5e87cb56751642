import { redeliver } from '../../adapters/postgres/webhook-deliveries';
import { deleteWebhook } from '../../adapters/postgres/webhooks';
import { startMailServer, type MailServer } from '../support/mail-server';
import type { KillPoint } from '../support/kill-points';
import { openStage } from '../support/stage';
import { startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver';
import { personWithAddress, reconnectTold } from '../support/email-story';
import { addWebhook, personWithWebhook, runTold } from '../support/webhook-story';

let system: System;
let mailServer: MailServer;
let receiver: WebhookReceiver;
let stopWorkers: () => Promise<void>;
beforeAll(async () => {
  mailServer = await startMailServer({ tls: 'none' });
  system = await startSystem({
    environment: { SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`, SMTP_FROM: 'no-reply@dnp.example' },
  });
  stopWorkers = await system.startWorkers();
}, 120_000);
afterAll(async () => {
  await system?.close();
  await mailServer?.close();
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver?.close());

const rows = <T>(sql: string, values: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, values);
const deliveryOf = async (id: string) =>
  (await rows(`select status, attempts, last_status, failure_code from webhook_deliveries where id = ?`, [id]))[0];
const end = (workflowId: string): Promise<unknown> => system.client.workflow.getHandle(workflowId).result();
const failedOnce = (webhookId: string) =>
  until(async () => (await rows(`select id from webhooks where id = ? and failures = 1`, [webhookId])).length === 1);
const message = async () => runTold(system, await personWithWebhook(system, receiver.url));
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 25));
}

test('a message that is taken at once is sent once', async () => {
  const { deliveryId, workflowId, start } = await message();
  await start();
  expect(await end(workflowId)).toEqual({ attempts: 1 });
  expect(receiver.ids).toEqual([deliveryId]);
  expect(await deliveryOf(deliveryId)).toEqual({
    status: 'delivered',
    attempts: 1,
    last_status: 204,
    failure_code: null,
  });
});

test('one that its person wants once more comes once more, and a refusal ends it', async () => {
  const { userId, webhookId } = await personWithWebhook(system, receiver.url);
  const { deliveryId, workflowId, start } = await runTold(system, { userId, webhookId });
  await start();
  await end(workflowId);
  receiver.answers.push(503);
  const again = await system.orm.em.fork().transactional((tx) => redeliver(tx, { userId, webhookId, id: deliveryId }));
  if (again === null || typeof again === 'string') throw new Error(`not sent again: ${again}`);
  await system.dispatcher.start(again.outboxId);
  expect(await end(`${workflowId}:1`)).toEqual({ attempts: 1 });
  expect(receiver.ids).toEqual([deliveryId, deliveryId]);
  expect(await deliveryOf(deliveryId)).toMatchObject({ status: 'failed', attempts: 2, last_status: 503 });
});

test('one that is refused comes again under the same id, and the webhook is well again', async () => {
  receiver.answers.push(503);
  const hook = await personWithWebhook(system, receiver.url);
  const { deliveryId, workflowId, start } = await runTold(system, hook);
  await start();
  await failedOnce(hook.webhookId);
  expect(await deliveryOf(deliveryId)).toEqual({
    status: 'pending',
    attempts: 1,
    last_status: 503,
    failure_code: 'status_not_success',
  });
  expect(await end(workflowId)).toEqual({ attempts: 2 });
  expect(receiver.ids).toEqual([deliveryId, deliveryId]);
  expect(await deliveryOf(deliveryId)).toMatchObject({ status: 'delivered', attempts: 2, failure_code: null });
  expect(await rows(`select failures, failing_since from webhooks where id = ?`, [hook.webhookId])).toEqual([
    { failures: 0, failing_since: null },
  ]);
});

test('a receiver that is gone is left alone, and what waited for it ends', async () => {
  receiver.answers.push(410);
  const hook = await personWithWebhook(system, receiver.url);
  const [first, second] = [await runTold(system, hook), await runTold(system, hook)];
  await first.start();
  expect(await end(first.workflowId)).toEqual({ attempts: 1 });
  await second.start();
  expect(await end(second.workflowId)).toEqual({ attempts: 1 });
  expect(receiver.ids).toEqual([first.deliveryId]);
  expect(await deliveryOf(first.deliveryId)).toMatchObject({ status: 'failed', failure_code: 'gone' });
  expect(await deliveryOf(second.deliveryId)).toMatchObject({ status: 'cancelled', attempts: 0 });
  expect(await rows(`select disabled_reason from webhooks where id = ?`, [hook.webhookId])).toEqual([
    { disabled_reason: 'gone' },
  ]);
  expect(await rows(`select type from notifications where subject_id = ?`, [hook.webhookId])).toEqual([
    { type: 'webhook.disabled' },
  ]);
});

test('a webhook that is deleted between two tries is sent nothing more', async () => {
  receiver.answers.push(503, 503);
  const hook = await personWithWebhook(system, receiver.url);
  const { deliveryId, workflowId, start } = await runTold(system, hook);
  await start();
  await failedOnce(hook.webhookId);
  expect(await deleteWebhook(system.orm.em.fork(), { userId: hook.userId, id: hook.webhookId })).toBe(true);
  expect(await end(workflowId)).toEqual({ attempts: 2 });
  expect(receiver.ids).toEqual([deliveryId]);
  expect(await deliveryOf(deliveryId)).toBeUndefined();
});

test('the end of a run is told at once, by who ended it', async () => {
  const stage = await openStage(system);
  const { plan } = await stage.scene();
  const { webhookId } = await addWebhook(system, stage.person.userId, receiver.url);
  const { runId } = await stage.enforce(plan);
  await stage.until(`select id from webhook_deliveries where webhook_id = ? and status = 'delivered'`, [webhookId]);
  expect(await rows(`select type, params from webhook_deliveries where webhook_id = ?`, [webhookId])).toEqual([
    { type: 'run.finished', params: { runId, status: 'completed' } },
  ]);
  expect(receiver.ids).toHaveLength(1);
});

test('e-mails that wait are sent by the sweep, once, and what is refused is not asked for again', async () => {
  const people = [await personWithAddress(system), await personWithAddress(system)];
  mailServer.toRecipients.push(550);
  const emails = [];
  for (const { userId } of people) emails.push(await reconnectTold(system, userId));
  for (let n = 0; n < 2; n += 1)
    await system.client.workflow.execute('sweep', { taskQueue: 'workflows', workflowId: `sweep-${n}` });
  for (const emailId of emails) expect(await end(`email:${emailId}`)).toEqual({ attempts: 1 });
  expect(await rows(`select status, reply from emails order by status`)).toEqual([
    { status: 'failed', reply: 550 },
    { status: 'sent', reply: null },
  ]);
  expect(mailServer.mails).toHaveLength(1);
  expect(people.map(({ address }) => address)).toContain(mailServer.mails[0]?.to[0]);
  const histories = await Promise.all(
    emails.map((emailId) => system.client.workflow.getHandle(`email:${emailId}`).fetchHistory()),
  );
  for (const { address } of people) expect(JSON.stringify(histories)).not.toContain(address);
});

test('a worker that dies between sending and writing down makes it come again under the same id', async () => {
  await stopWorkers();
  const kill: KillPoint = { kind: 'call', when: 'after', label: 'POST /hook', n: 1 };
  const [first, second] = [await startVictim(system), await startVictim(system)];
  const { deliveryId, workflowId, start } = await message();
  try {
    first.work(kill);
    await start();
    await first.gone;
    expect(receiver.ids).toEqual([deliveryId]);
    expect(await deliveryOf(deliveryId)).toMatchObject({ status: 'pending', attempts: 0 });
    second.work(null);
    expect(await end(workflowId)).toEqual({ attempts: 1 });
  } finally {
    await first.kill();
    await second.kill();
  }
  expect(receiver.ids).toEqual([deliveryId, deliveryId]);
  expect(await deliveryOf(deliveryId)).toMatchObject({ status: 'delivered', attempts: 1 });
}, 240_000);
