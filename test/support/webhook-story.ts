import { announce } from '../../adapters/postgres/announcements';
import { newId } from '../../adapters/postgres/ids';
import { createWebhook } from '../../adapters/postgres/webhooks';
import { createVault } from '../../adapters/vault/vault';
import { newWebhookSecret } from '../../adapters/webhooks/signature';
import type { System } from './system';
import { startReceiver } from './webhook-receiver';
import type { Told } from './whole-story';

/** A person who wants to be told of runs at an address. */
export async function personWithWebhook(system: System, url: string): Promise<{ userId: string; webhookId: string }> {
  const userId = newId();
  await system.orm.em.fork().execute(`insert into users (id, display_name) values (?, 'A Person')`, [userId]);
  return addWebhook(system, userId, url);
}

/** Has a person told of runs at an address. */
export async function addWebhook(
  system: System,
  userId: string,
  url: string,
): Promise<{ userId: string; webhookId: string }> {
  const id = newId();
  const sealed = await createVault(system.config.VAULT_KEYS).seal(newWebhookSecret(), { sub: id, use: 'webhook' });
  await system.orm.em
    .fork()
    .transactional((tx) => createWebhook(tx, { id, userId, url, events: ['run.finished'], secret: sealed.jwe }));
  return { userId, webhookId: id };
}

/** Tells the person of a run; the message's workflow is started by `start`. */
export async function runTold(
  system: System,
  { userId, webhookId }: { userId: string; webhookId: string },
): Promise<{ deliveryId: string; workflowId: string; start: () => Promise<void> }> {
  const em = system.orm.em.fork();
  await em.transactional((tx) =>
    announce(tx, userId, { type: 'run.finished', params: { runId: newId(), status: 'completed' } }),
  );
  const [row] = await em.execute<{ delivery_id: string; workflow_id: string; outbox_id: string }[]>(
    `select d.id as delivery_id, o.workflow_id, o.id as outbox_id from webhook_deliveries d
     join outbox o on o.workflow_id = 'webhook:' || d.id where d.webhook_id = ? order by d.id desc limit 1`,
    [webhookId],
  );
  if (!row) throw new Error('No message was made for the webhook.');
  return {
    deliveryId: row.delivery_id,
    workflowId: row.workflow_id,
    start: () => system.dispatcher.start(row.outbox_id),
  };
}

/** A message is refused once and then taken. */
export async function webhookStory(system: System): Promise<Told[]> {
  const receiver = await startReceiver();
  receiver.answers.push(503);
  const { workflowId, start } = await runTold(system, await personWithWebhook(system, receiver.url));
  await start();
  await system.client.workflow.getHandle(workflowId).result();
  await receiver.close();
  return [{ name: 'deliver-webhook', workflowId }];
}
