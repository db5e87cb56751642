import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import type { TokenScope } from '../../../domain/roles';
import { startReceiver, type WebhookReceiver } from '../../support/webhook-receiver';
import { query, type Browser } from './browser';
import { setStage, type Stage } from './signed-in';

let stage: Stage;
let receiver: WebhookReceiver;
let browser: Browser;
let id: string;
let token: string;
beforeAll(async () => {
  stage = await setStage();
  receiver = await startReceiver();
  browser = await stage.signedIn('listener');
  await stage.system.jobEnd(query(await reconnect(stage.connectUrl)).jobId ?? '');
  const [row] = await stage.rows<{ id: string; user_id: string }>(`select id, user_id from connections`);
  id = row?.id ?? '';
  const expiresAt = new Date(Date.now() + 86_400_000);
  const owner = { userId: row?.user_id ?? '', name: 'test', scopes: ['read', 'write'] as TokenScope[], expiresAt };
  ({ token } = await createPersonalToken(stage.system.orm.em.fork(), owner));
}, 120_000);
afterAll(async () => {
  await receiver?.close();
  await stage?.close();
});

const reconnect = async (url: string) => browser.finish(await browser.consent(url, { user: 'listener' }));
const call = (method: string, path: string, body?: unknown) =>
  stage.api.call(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
const check = async () => (await call('POST', `/connections/${id}/health-check`)).body;
const deliveries = () =>
  stage.rows<{ id: string; type: string; status: string; params: object }>(
    `select id, type, status, params from webhook_deliveries order by id`,
  );
/** What the sweeper does within a minute. */
async function sweep(): Promise<void> {
  await stage.rows(`update outbox set created_at = created_at - interval '1 minute' where started_at is null`);
  await stage.system.client.workflow.execute('sweep', { taskQueue: 'workflows', workflowId: `sweep-${Date.now()}` });
  const open = async () => (await deliveries()).some(({ status }) => status === 'pending');
  while (await open()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The person's stream, read until an event of a type has come. */
async function streamUntil(type: string, meanwhile: () => Promise<unknown>) {
  const controller = new AbortController();
  const stream = await fetch(`${stage.api.url}/api/v1/me/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: controller.signal,
  });
  let text = '';
  let begun: Promise<unknown> | null = null;
  for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.includes('event: ready')) begun ??= meanwhile();
    if (text.includes(`event: ${type}`) && text.endsWith('\n\n')) break;
  }
  controller.abort();
  await begun;
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)]
    .map(([, name = '', data = '']) => ({ name, data: JSON.parse(data) as Record<string, unknown> }))
    .filter(({ name }) => name !== 'ready');
}

it('a refused renewal is told once, everywhere, with the way back; so is its end', async () => {
  const events = ['connection.needs_reconnect', 'connection.recovered'];
  expect((await call('POST', '/me/webhooks', { url: receiver.url, events })).status).toBe(201);
  await stage.rows(`update credentials set access_expires_at = now() - interval '1 minute' where owner_id = ?`, [id]);
  await fetch(`${stage.system.sandbox.url}/admin/users/listener/spotify/revoke`, { method: 'POST' });

  const params = { connectionId: id, provider: 'spotify', code: 'refresh_rejected' };
  const seen = await streamUntil('connection.needs_reconnect', check);
  expect(await check()).toMatchObject({ health: 'needs_reconnect', healthCode: 'refresh_rejected' });
  expect(seen).toMatchObject([{ name: 'connection.needs_reconnect', data: { params } }]);
  expect(await stage.rows(`select type from person_events`)).toEqual([{ type: 'connection.needs_reconnect' }]);
  const notifications = (await call('GET', '/me/notifications')).body;
  expect(notifications).toMatchObject({
    unreadCount: 1,
    items: [
      {
        type: 'connection.needs_reconnect',
        params,
        href: `/api/v1/connections/spotify/start?connectionId=${id}`,
      },
    ],
  });
  expect(notifications.items).toHaveLength(1);
  await sweep();
  const [first, ...more] = await deliveries();
  expect(first).toMatchObject({ type: 'connection.needs_reconnect', status: 'delivered', params });
  expect(more).toEqual([]);
  expect(receiver.ids).toEqual([first?.id]);

  // The address leads back: the same account consents again.
  const [{ href = '' } = {}] = notifications.items as { href: string }[];
  expect(query(await reconnect(`${stage.api.url}${href}`)).result).toBe('ok');
  expect((await call('GET', '/me/notifications?unread=true')).body).toMatchObject({
    unreadCount: 1,
    items: [{ type: 'connection.recovered', params }],
  });
  expect(await stage.rows(`select type from person_events where type like 'connection.%' order by id`)).toEqual([
    { type: 'connection.needs_reconnect' },
    { type: 'connection.recovered' },
  ]);
  await sweep();
  expect((await deliveries()).map(({ type, status }) => [type, status])).toEqual([
    ['connection.needs_reconnect', 'delivered'],
    ['connection.recovered', 'delivered'],
  ]);
  expect(new Set(receiver.ids).size).toBe(2);
}, 120_000);
