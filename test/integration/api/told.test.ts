import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeliveryActivities, type DeliveryOutcome } from '../../../activities/deliver-webhook';
import { createEmailActivities } from '../../../activities/send-email';
import type { EmailResult } from '../../../adapters/email/mailer';
import type { EmailMessage } from '../../../adapters/email/message';
import { announce } from '../../../adapters/postgres/announcements';
import { dropWaiting, takeWaiting } from '../../../adapters/postgres/emails';
import { newId } from '../../../adapters/postgres/ids';
import { createWebhookSender } from '../../../adapters/webhooks/send';
import { signatureHeaders } from '../../../adapters/webhooks/signature';
import type { Announcement } from '../../../domain/announcements';
import type { EmailEnd } from '../../../domain/email-schedule';
import { startApi, type ApiUnderTest } from './api-under-test';

let api: ApiUnderTest;
let receiver: Server;
let hook = '';
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let received: { headers: IncomingMessage['headers']; body: string }[] = [];
const reply =
  (status: number, headers = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, headers).end();

beforeAll(async () => {
  api = await startApi();
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  receiver?.closeAllConnections();
  receiver?.close();
  await api?.close();
});
beforeEach(() => {
  received = [];
  answer = reply(204);
});

const sql = <T>(text: string, values: unknown[] = []) => api.deps.orm.em.fork().execute<T[]>(text, values);
const tell = (userId: string, announcement: Announcement) =>
  api.deps.orm.em.fork().transactional((tx) => announce(tx, userId, announcement));
const reconnect = (connectionId = newId()): Announcement => ({
  type: 'connection.needs_reconnect',
  params: { connectionId, provider: 'spotify', code: 'token_expired' },
});
const get = (token: string, path: string) => api.call('GET', `/api/v1/me/${path}`, { token });
const post = (token: string, path: string, body?: unknown) => api.call('POST', `/api/v1/me/${path}`, { token, body });

async function webhookOf(events = ['connection.needs_reconnect']) {
  const person = await api.person();
  const made = await post(person.token, 'webhooks', { url: hook, events });
  expect(made.status).toBe(201);
  return { ...person, webhookId: String(made.body.id), secret: String(made.body.secret) };
}
const deliveryOf = async (webhookId: string) =>
  (
    await sql<{ id: string }>(`select id from webhook_deliveries where webhook_id = ? order by id desc limit 1`, [
      webhookId,
    ])
  )[0]?.id ?? '';
const outcomes: DeliveryOutcome[] = [];
const attempt = (deliveryId: string, n = 1, orm = api.deps.orm, once = false) =>
  createDeliveryActivities({
    orm,
    vault: api.deps.vault,
    send: createWebhookSender({ allowLoopback: true, timeoutSeconds: 0.5 }),
    onAttempt: (outcome) => void outcomes.push(outcome),
  }).attemptDelivery({ deliveryId, attempt: n, once });
const oneTry = (deliveryId: string) => attempt(deliveryId, 1, api.deps.orm, true);

describe('what is announced', () => {
  it('was never told where its transaction is rolled back', async () => {
    const { id, webhookId } = await webhookOf();
    await expect(
      api.deps.orm.em.fork().transactional(async (tx) => {
        await announce(tx, id, reconnect());
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    for (const table of ['person_events', 'notifications'])
      expect(await sql(`select id from ${table} where user_id = ?`, [id])).toEqual([]);
    expect(await deliveryOf(webhookId)).toBe('');
    expect(await sql(`select id from outbox where search_attributes->>'userId' = ?`, [id])).toEqual([]);
  });

  it('piles up as little as it comes and goes, and recovery settles it', async () => {
    const { id, token } = await api.person();
    const connectionId = newId();
    for (let n = 0; n < 3; n += 1) await tell(id, reconnect(connectionId));
    const list = (await get(token, 'notifications')).body;
    expect(list).toMatchObject({
      unreadCount: 1,
      items: [
        { type: 'connection.needs_reconnect', href: `/api/v1/connections/spotify/start?connectionId=${connectionId}` },
      ],
    });
    expect(list.items).toHaveLength(1);
    await tell(id, { type: 'connection.recovered', params: { connectionId, provider: 'spotify' } });
    const after = (await get(token, 'notifications?unread=true')).body;
    expect(after).toMatchObject({ unreadCount: 1, items: [{ type: 'connection.recovered' }] });
  });

  it('is paged, read once, and nobody else’s', async () => {
    const { id, token } = await api.person();
    for (let n = 0; n < 3; n += 1) await tell(id, reconnect());
    const first = (await get(token, 'notifications?limit=2')).body;
    const second = (await get(token, `notifications?limit=2&cursor=${String(first.nextCursor)}`)).body;
    const items = [...(first.items as { id: string }[]), ...(second.items as { id: string }[])];
    expect(new Set(items.map((item) => item.id)).size).toBe(3);
    const path = `notifications/${items[0]?.id}/read`;
    expect((await post((await api.person()).token, path)).status).toBe(404);
    expect((await post(token, path)).status).toBe(204);
    const readAt = () => sql<{ read_at: string }>(`select read_at from notifications where id = ?`, [items[0]?.id]);
    const before = await readAt();
    expect((await post(token, path)).status).toBe(204);
    expect(await readAt()).toEqual(before);
    expect((await post(token, 'notifications/read-all')).status).toBe(204);
    expect((await get(token, 'notifications?unread=true')).body).toMatchObject({ unreadCount: 0, items: [] });
  });

  it('reaches a stream that goes on after the last id, each event once', async () => {
    const { id, token } = await api.person();
    await tell(id, reconnect());
    const [known] = await sql<{ id: string }>(`select max(id) as id from person_events where user_id = ?`, [id]);
    await tell(id, { type: 'run.finished', params: { runId: newId(), status: 'completed' } });
    const controller = new AbortController();
    const stream = await fetch(`${api.url}/api/v1/me/events`, {
      headers: { authorization: `Bearer ${token}`, 'last-event-id': String(known?.id) },
      signal: controller.signal,
    });
    let text = '';
    let toldMore = false;
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes('run.finished') && !toldMore) {
        toldMore = true;
        await tell(id, { type: 'connection.deleted', params: { connectionId: newId(), provider: 'spotify' } });
      }
      if (text.includes('connection.deleted')) break;
    }
    controller.abort();
    expect([...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
      'ready',
      'run.finished',
      'connection.deleted',
    ]);
  });
});

describe('events from several processes of the API', () => {
  let other: ApiUnderTest;
  beforeAll(async () => {
    other = await startApi({ environment: { DATABASE_URL: api.config.DATABASE_URL } });
  });
  afterAll(() => other?.close());

  /** Reads a stream until `enough` of its events have come; the ids that it had, and the last one to go on after. */
  async function read(at: ApiUnderTest, token: string, after: number, enough: number) {
    const controller = new AbortController();
    const stream = await fetch(`${at.url}/api/v1/me/events`, {
      headers: { authorization: `Bearer ${token}`, 'last-event-id': String(after) },
      signal: controller.signal,
    });
    let text = '';
    const seen = () =>
      [...text.matchAll(/^id: (\d+)\nevent: run\.finished\ndata: .*\n\n/gm)].map(([, id]) => Number(id));
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (seen().length >= enough) break;
    }
    controller.abort();
    return seen();
  }

  it('come each once and in order to who goes from one to the other while several tell at once', async () => {
    const { id, token } = await api.person();
    const bystander = await api.person();
    const tellers = [api, other, api, other].map(async ({ deps }, n) => {
      for (let told = 0; told < 5; told += 1)
        await deps.orm.em.fork().transactional(async (tx) => {
          await announce(tx, n % 2 ? id : bystander.id, {
            type: 'run.finished',
            params: { runId: newId(), status: 'completed' },
          });
          await announce(tx, id, { type: 'run.finished', params: { runId: newId(), status: 'completed' } });
          // One that was given a lower id may be seen later than one with a higher.
          await tx.execute(`select pg_sleep(?)`, [0.005 * n]);
        });
    });
    const seen: number[] = [];
    for (let turn = 0; seen.length < 30; turn += 1) {
      const enough = Math.min(4, 30 - seen.length);
      seen.push(...(await read(turn % 2 ? other : api, token, seen.at(-1) ?? 0, enough)));
    }
    await Promise.all(tellers);
    const told = await sql<{ id: string }>(`select id from person_events where user_id = ? order by id`, [id]);
    expect(seen).toEqual(told.map((row) => Number(row.id)));
  });

  it('come also to who asks for those after one that has not been told yet', async () => {
    const { id, token } = await api.person();
    await tell(id, { type: 'run.finished', params: { runId: newId(), status: 'completed' } });
    const reading = read(other, token, 999_999_999_999, 1);
    const more = async () => tell(id, { type: 'run.finished', params: { runId: newId(), status: 'completed' } });
    const timer = setInterval(() => void more(), 100);
    expect((await reading).length).toBeGreaterThan(0);
    clearInterval(timer);
  });
});

describe('what a person chose', () => {
  const choose = (token: string, version: number, notifications: object) =>
    api.call('PATCH', '/api/v1/me', { token, body: { version, settings: { notifications } } });
  const finished = (): Announcement => ({ type: 'run.finished', params: { runId: newId(), status: 'completed' } });

  it('closes a way to them for a group, and no other', async () => {
    const { id, token, webhookId } = await webhookOf(['run.finished', 'connection.needs_reconnect']);
    await choose(token, 1, { runs: { inApp: false } });
    const both = await choose(token, 2, { runs: { webhooks: false }, lists: { email: true } });
    expect(both.body.settings).toEqual({
      notifications: { runs: { inApp: false, webhooks: false }, lists: { email: true } },
    });
    await tell(id, finished());
    expect(await deliveryOf(webhookId)).toBe('');
    expect((await get(token, 'notifications')).body.items).toEqual([]);
    expect(await sql(`select type from person_events where user_id = ?`, [id])).toEqual([{ type: 'run.finished' }]);
    await tell(id, reconnect());
    expect((await get(token, 'notifications')).body.unreadCount).toBe(1);
    expect(await deliveryOf(webhookId)).not.toBe('');
    await choose(token, 3, { runs: { inApp: true, webhooks: true } });
    const before = await deliveryOf(webhookId);
    await tell(id, finished());
    expect((await get(token, 'notifications')).body.unreadCount).toBe(2);
    expect(await deliveryOf(webhookId)).not.toBe(before);
  });

  it('keeps nobody from being notified of what they have to know', async () => {
    const { token } = await api.person();
    const refused = await choose(token, 1, { moderation: { inApp: false } });
    expect(refused.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'body.settings.notifications.moderation.inApp' }],
    });
    expect((await choose(token, 1, { gossip: { inApp: true } })).status).toBe(400);
    const groups = (await api.call('GET', '/api/v1/me', { token })).body.notifications as { group: string }[];
    expect(groups.find(({ group }) => group === 'moderation')).toMatchObject({
      types: expect.arrayContaining(['decision.taken', 'appeal.decided']),
      channels: [
        { channel: 'inApp', on: true, changeable: false },
        { channel: 'webhooks', on: true, changeable: true },
        { channel: 'email', on: true, changeable: true },
      ],
    });
  });
});

describe('a webhook', () => {
  it('shows its secret once and keeps it sealed', async () => {
    const { token, webhookId, secret } = await webhookOf();
    expect(secret).toMatch(/^whsec_/);
    expect((await get(token, `webhooks/${webhookId}`)).text).not.toContain(secret);
    const [row] = await sql<{ secret: string }>(`select secret from webhooks where id = ?`, [webhookId]);
    expect(row?.secret).not.toContain(secret.slice(6));
    expect(await api.deps.vault.open(row?.secret ?? '', { sub: webhookId, use: 'webhook' })).toBe(secret);
  });

  it('cannot be inside a network, nor be the eleventh', async () => {
    const { token } = await api.person();
    const bad = await post(token, 'webhooks', { url: 'https://169.254.169.254/', events: ['run.finished'] });
    expect(bad.body).toMatchObject({ code: 'invalid_request', errors: [{ code: 'address_not_allowed' }] });
    const made = await Promise.all(
      Array.from({ length: 11 }, () => post(token, 'webhooks', { url: hook, events: ['run.finished'] })),
    );
    expect(made.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(10);
    expect(made.find(({ status }) => status !== 201)?.body.code).toBe('too_many_webhooks');
  });

  it('is sent what it asked for, signed, with ids and codes only', async () => {
    const { id, token, webhookId, secret } = await webhookOf();
    await tell(id, { type: 'run.finished', params: { runId: newId(), status: 'completed' } });
    expect(await deliveryOf(webhookId)).toBe('');
    const announcement = reconnect();
    await tell(id, announcement);
    const deliveryId = await deliveryOf(webhookId);
    expect(await attempt(deliveryId)).toEqual({ pauseSeconds: null });
    const [message] = received;
    const timestamp = Number(message?.headers['webhook-timestamp']);
    expect(message?.headers).toMatchObject(
      signatureHeaders([secret], { id: deliveryId, timestamp, body: message?.body ?? '' }),
    );
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ type: announcement.type, data: announcement.params });
    expect((await get(token, `webhooks/${webhookId}`)).body.deliveries).toMatchObject([
      { id: deliveryId, status: 'delivered', attempts: 1, lastStatus: 204, failure: null },
    ]);
  });

  it.each([
    ['fails', reply(500), 500, 'status_not_success'],
    ['redirects', reply(302, { location: '/elsewhere' }), 302, 'status_not_success'],
    ['never answers', () => undefined, null, 'timeout'],
    ['loses its answer', (request: IncomingMessage) => void request.socket.destroy(), null, 'unreachable'],
  ])('that %s is tried again later, under the same id', async (_, conduct, lastStatus, code) => {
    const { id, token, webhookId } = await webhookOf();
    await tell(id, reconnect());
    const deliveryId = await deliveryOf(webhookId);
    answer = conduct;
    expect(await attempt(deliveryId)).toEqual({ pauseSeconds: 5 });
    expect((await get(token, `webhooks/${webhookId}`)).body.deliveries).toMatchObject([
      { status: 'pending', attempts: 1, lastStatus, failure: { code } },
    ]);
    answer = reply(200);
    expect(await attempt(deliveryId, 2)).toEqual({ pauseSeconds: null });
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([deliveryId, deliveryId]);
  });

  it('takes a message twice under one id where a worker died before it wrote the answer down', async () => {
    const { id, webhookId } = await webhookOf();
    await tell(id, reconnect());
    const deliveryId = await deliveryOf(webhookId);
    const dying = {
      em: {
        fork: () => {
          const em = api.deps.orm.em.fork();
          em.transactional = () => Promise.reject(new Error('died'));
          return em;
        },
      },
    } as unknown as typeof api.deps.orm;
    await expect(attempt(deliveryId, 1, dying)).rejects.toThrow('died');
    expect(await attempt(deliveryId)).toEqual({ pauseSeconds: null });
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([deliveryId, deliveryId]);
  });

  it('shows what it was sent, by page and filter, and each try of one message', async () => {
    const { id, token, webhookId } = await webhookOf(['connection.needs_reconnect', 'run.finished']);
    const path = `webhooks/${webhookId}/deliveries`;
    expect((await get(token, path)).body).toEqual({ items: [], nextCursor: null, emptyReason: 'no_deliveries' });
    for (let n = 0; n < 2; n += 1) await tell(id, reconnect());
    await tell(id, { type: 'run.finished', params: { runId: newId(), status: 'completed' } });
    const first = (await get(token, `${path}?limit=2`)).body;
    const second = (await get(token, `${path}?limit=2&cursor=${String(first.nextCursor)}`)).body;
    const items = [...(first.items as { id: string }[]), ...(second.items as { id: string }[])];
    expect(items.map(({ id: delivery }) => delivery)).toEqual(
      (
        await sql<{ id: string }>(`select id from webhook_deliveries where webhook_id = ? order by id desc`, [
          webhookId,
        ])
      ).map((row) => row.id),
    );
    const deliveryId = items[0]!.id;
    answer = reply(503);
    await attempt(deliveryId);
    answer = (_, response) => void response.writeHead(200).end('what a receiver says is its own');
    await attempt(deliveryId, 2);
    const count = async (query: string) => ((await get(token, `${path}?${query}`)).body.items as unknown[]).length;
    expect([await count('status=pending'), await count('status=delivered'), await count('status=failed')]).toEqual([
      2, 1, 0,
    ]);
    expect([await count('type=run.finished'), await count('type=webhook.test')]).toEqual([1, 0]);
    const now = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    expect([await count(`from=${now}`), await count(`to=${now}`)]).toEqual([0, 3]);
    expect((await get(token, `${path}?status=lost`)).status).toBe(400);
    const shown = await get(token, `${path}/${deliveryId}`);
    expect(shown.body).toMatchObject({
      id: deliveryId,
      type: 'run.finished',
      status: 'delivered',
      attempts: 2,
      data: { status: 'completed' },
      tries: [
        { status: 503, failure: { code: 'status_not_success' }, seconds: expect.any(Number) },
        { status: 200, failure: null, seconds: expect.any(Number) },
      ],
    });
    expect(shown.text).not.toContain('what a receiver says');
    const { token: other, webhookId: otherWebhook } = await webhookOf();
    for (const foreign of [`${path}/${deliveryId}`, `webhooks/${otherWebhook}/deliveries/${deliveryId}`])
      expect((await get(other, foreign)).status).toBe(404);
    expect((await post(other, `webhooks/${otherWebhook}/deliveries/${deliveryId}/redeliver`)).status).toBe(404);
  });

  it('is sent a message once more where its person wants it, under the same id, tried once', async () => {
    const { id, token, webhookId } = await webhookOf();
    await tell(id, reconnect());
    const deliveryId = await deliveryOf(webhookId);
    const again = () => post(token, `webhooks/${webhookId}/deliveries/${deliveryId}/redeliver`);
    expect((await again()).body.code).toBe('delivery_in_progress');
    await attempt(deliveryId);
    const asked = await Promise.all([again(), again()]);
    expect(asked.map(({ status }) => status).sort()).toEqual([202, 409]);
    answer = reply(500);
    expect(await oneTry(deliveryId)).toEqual({ pauseSeconds: null });
    expect((await get(token, `webhooks/${webhookId}/deliveries/${deliveryId}`)).body).toMatchObject({
      status: 'failed',
      attempts: 2,
      redeliveries: 1,
      tries: [{ failure: null }, { failure: { code: 'status_not_success' } }],
    });
    answer = reply(204);
    expect((await again()).status).toBe(202);
    await oneTry(deliveryId);
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([deliveryId, deliveryId, deliveryId]);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(
      await sql(`select workflow_id, input from outbox where workflow_id like ? order by workflow_id`, [
        `webhook:${deliveryId}:%`,
      ]),
    ).toEqual([
      { workflow_id: `webhook:${deliveryId}:1`, input: { deliveryId, once: true } },
      { workflow_id: `webhook:${deliveryId}:2`, input: { deliveryId, once: true } },
    ]);
  });

  it('that its person switches off is sent nothing, and begins anew when it is switched on', async () => {
    const { id, token, webhookId } = await webhookOf();
    const change = (body: unknown) => api.call('PATCH', `/api/v1/me/webhooks/${webhookId}`, { token, body });
    await tell(id, reconnect());
    const waiting = await deliveryOf(webhookId);
    expect((await change({ enabled: false })).body.disabled).toMatchObject({ reason: 'by_owner' });
    await tell(id, reconnect());
    expect(await deliveryOf(webhookId)).toBe(waiting);
    expect(await attempt(waiting)).toEqual({ pauseSeconds: null });
    expect(received).toEqual([]);
    const again = () => post(token, `webhooks/${webhookId}/deliveries/${waiting}/redeliver`);
    expect((await again()).body.code).toBe('webhook_disabled');
    await tell(id, { type: 'webhook.disabled', params: { webhookId, reason: 'failing' } });
    await sql(`update webhooks set failures = 25, failing_since = now() - interval '9 days' where id = ?`, [webhookId]);
    const on = await change({ enabled: true, events: ['run.finished'] });
    expect(on.body).toMatchObject({ disabled: null, failingSince: null, events: ['run.finished'] });
    expect((await get(token, 'notifications?unread=true')).text).not.toContain('webhook.disabled');
    expect((await again()).status).toBe(202);
    answer = reply(503);
    await oneTry(waiting);
    expect(received).toHaveLength(1);
    expect((await get(token, `webhooks/${webhookId}`)).body.disabled).toBeNull();
  });

  it('whose secret is replaced is sent both signatures for a day', async () => {
    const { id, token, webhookId, secret: former } = await webhookOf();
    const given = await post(token, `webhooks/${webhookId}/rotate-secret`);
    const secret = String(given.body.secret);
    expect(new Set([former, secret]).size).toBe(2);
    const signed = async () => {
      received = [];
      await tell(id, reconnect());
      await attempt(await deliveryOf(webhookId));
      const [message] = received;
      const timestamp = Number(message?.headers['webhook-timestamp']);
      const by = (secrets: string[]) =>
        signatureHeaders(secrets, {
          id: String(message?.headers['webhook-id']),
          timestamp,
          body: message?.body ?? '',
        })['webhook-signature'];
      return { signature: message?.headers['webhook-signature'], by };
    };
    const both = await signed();
    expect(both.signature).toBe(both.by([secret, former]));
    // Its answer got lost: what the receiver has goes on to sign.
    const newest = String((await post(token, `webhooks/${webhookId}/rotate-secret`)).body.secret);
    const three = await signed();
    expect(three.signature).toBe(three.by([newest, secret, former]));
    const [row] = await sql<{ former_secret: string }>(`select former_secret from webhooks where id = ?`, [webhookId]);
    expect(row?.former_secret).not.toContain(former.slice(6));
    await sql(`update webhooks set former_secret_until = now() - interval '1 second' where id = ?`, [webhookId]);
    const one = await signed();
    expect(one.signature).toBe(one.by([newest]));
    const { token: other } = await api.person();
    expect((await post(other, `webhooks/${webhookId}/rotate-secret`)).status).toBe(404);
  });

  it('that is gone is switched off, its person told, and what was on its way ends', async () => {
    const { id, token, webhookId } = await webhookOf();
    await tell(id, reconnect());
    const first = await deliveryOf(webhookId);
    await tell(id, reconnect());
    const second = await deliveryOf(webhookId);
    answer = reply(410);
    expect(await attempt(first)).toEqual({ pauseSeconds: null });
    expect(await attempt(second)).toEqual({ pauseSeconds: null });
    expect(received).toHaveLength(1);
    const shown = (await get(token, `webhooks/${webhookId}`)).body;
    expect(shown).toMatchObject({
      disabled: { reason: 'gone' },
      deliveries: [{ status: 'cancelled' }, { status: 'failed' }],
    });
    expect((await get(token, 'notifications')).text).toContain('webhook.disabled');
  });

  it('is given up after its last try, and switched off after days of failures', async () => {
    const { id, token, webhookId } = await webhookOf();
    await tell(id, reconnect());
    answer = reply(503);
    expect(await attempt(await deliveryOf(webhookId), 10)).toEqual({ pauseSeconds: null });
    expect((await get(token, `webhooks/${webhookId}`)).body).toMatchObject({
      disabled: null,
      deliveries: [{ status: 'failed' }],
    });
    await sql(`update webhooks set failures = 19, failing_since = now() - interval '73 hours' where id = ?`, [
      webhookId,
    ]);
    await tell(id, reconnect());
    await attempt(await deliveryOf(webhookId));
    expect((await get(token, `webhooks/${webhookId}`)).body).toMatchObject({ disabled: { reason: 'failing' } });
  });

  it('that is deleted is sent nothing more, and nobody else can delete it', async () => {
    const { id, token, webhookId } = await webhookOf();
    await tell(id, reconnect());
    const deliveryId = await deliveryOf(webhookId);
    const path = `/api/v1/me/webhooks/${webhookId}`;
    expect((await api.call('DELETE', path, { token: (await api.person()).token })).status).toBe(404);
    expect((await api.call('DELETE', path, { token })).status).toBe(204);
    expect(await attempt(deliveryId)).toEqual({ pauseSeconds: null });
    expect(received).toEqual([]);
  });
});

/** An ORM whose transactions and statements that change something die. */
const dyingAfterwards = (): typeof api.deps.orm =>
  ({
    em: {
      fork: () => {
        const em = api.deps.orm.em.fork();
        const execute = em.execute.bind(em);
        em.execute = ((text: string, values?: unknown[]) =>
          /^\s*update/.test(text) ? Promise.reject(new Error('died')) : execute(text, values)) as typeof em.execute;
        return em;
      },
    },
  }) as unknown as typeof api.deps.orm;

describe('an e-mail', () => {
  const em = () => api.deps.orm.em.fork();
  const identity = (userId: string, email: string, { verified = true, relay = false } = {}) =>
    sql(
      `insert into identities (id, user_id, provider, subject, email, email_verified, email_private) values (?, ?, 'google', ?, ?, ?, ?)`,
      [newId(), userId, newId(), email, verified, relay],
    );
  const addressOf = () => `${newId()}@example.test`;
  async function reachable() {
    const email = addressOf();
    const person = await api.person({ email });
    await identity(person.id, email);
    return { ...person, email };
  }
  const emailsOf = (userId: string) =>
    sql<{ id: string; type: string; status: string; failure_code: string | null; settled: boolean }>(
      `select id, type, status, settled, failure_code from emails where user_id = ? order by id`,
      [userId],
    );
  async function waiting(userId: string): Promise<string> {
    const [email] = await emailsOf(userId);
    if (email?.status !== 'waiting') throw new Error('no e-mail waits');
    return email.id;
  }
  const finished = (): Announcement => ({ type: 'run.finished', params: { runId: newId(), status: 'completed' } });
  let sent: EmailMessage[] = [];
  let ends: EmailEnd[] = [];
  let results: EmailResult[] = [];
  beforeEach(() => {
    [sent, ends, results] = [[], [], []];
  });
  const tryOnce = (emailId: string, n = 1, orm = api.deps.orm) =>
    createEmailActivities({
      orm,
      mailer: (message) => {
        sent.push(message);
        return Promise.resolve(results.shift() ?? { sent: true });
      },
      keys: api.config.VAULT_KEYS,
      apiUrl: api.url,
      onEnd: (end) => void ends.push(end),
    }).attemptEmail({ emailId, attempt: n });
  const choose = (token: string, version: number, notifications: object) =>
    api.call('PATCH', '/api/v1/me', { token, body: { version, settings: { notifications } } });

  it('is for whoever wants it and has an address that was verified', async () => {
    const [person, unverified, nobody] = [await reachable(), await api.person(), await api.person()];
    await identity(unverified.id, addressOf(), { verified: false });
    for (const { id } of [person, unverified, nobody]) {
      await tell(id, reconnect());
      await tell(id, finished());
      await tell(id, { type: 'connection.recovered', params: { connectionId: newId(), provider: 'spotify' } });
    }
    expect((await emailsOf(person.id)).map(({ type }) => type)).toEqual(['connection.needs_reconnect']);
    expect([...(await emailsOf(unverified.id)), ...(await emailsOf(nobody.id))]).toEqual([]);
    await choose(person.token, 1, { runs: { email: true }, connections: { email: false } });
    await tell(person.id, reconnect());
    await tell(person.id, finished());
    expect((await emailsOf(person.id)).map(({ type }) => type)).toEqual(['connection.needs_reconnect', 'run.finished']);
    const shown = await api.call('GET', '/api/v1/me', { token: person.token });
    expect(shown.body.emails).toEqual({ sending: false, to: person.email });
  });

  it('waits once for each type and subject, and is not sent when there is nothing left to say', async () => {
    const { id } = await reachable();
    const connectionId = newId();
    for (let n = 0; n < 3; n += 1) await tell(id, reconnect(connectionId));
    expect(await emailsOf(id)).toMatchObject([{ status: 'waiting', settled: false }]);
    await tell(id, { type: 'connection.recovered', params: { connectionId, provider: 'spotify' } });
    await tell(id, reconnect());
    expect((await emailsOf(id)).map(({ settled }) => settled)).toEqual([true, false]);
    expect(await dropWaiting(em(), { sending: true })).toBe(1);
    expect(await emailsOf(id)).toMatchObject([{ status: 'dropped', failure_code: 'settled' }, { status: 'waiting' }]);
    await sql(`update emails set created_at = now() - interval '25 hours' where user_id = ?`, [id]);
    await dropWaiting(em(), { sending: true });
    expect(await emailsOf(id)).toMatchObject([{}, { status: 'dropped', failure_code: 'too_old' }]);
    await tell(id, reconnect());
    await dropWaiting(em(), { sending: false });
    expect((await emailsOf(id)).at(-1)).toMatchObject({ status: 'dropped', failure_code: 'not_configured' });
  });

  it('begins once, however many look for what waits', async () => {
    const { id } = await reachable();
    await tell(id, reconnect());
    const emailId = await waiting(id);
    await Promise.all([takeWaiting(em(), 100), takeWaiting(em(), 100)]);
    expect(await sql(`select workflow_id, input from outbox where workflow_id = ?`, [`email:${emailId}`])).toEqual([
      { workflow_id: `email:${emailId}`, input: { emailId } },
    ]);
    expect(await emailsOf(id)).toMatchObject([{ status: 'sending' }]);
  });

  it('says what the notification says, and where it leads', async () => {
    const { id, token, email } = await reachable();
    const announcement = reconnect();
    await tell(id, announcement);
    const emailId = await waiting(id);
    expect(await tryOnce(emailId)).toEqual({ pauseSeconds: null });
    expect(ends).toEqual(['sent']);
    const [notification] = (await get(token, 'notifications')).body.items as { text: string; href: string }[];
    expect(sent).toMatchObject([{ id: emailId, to: email, subject: 'Do Not Play: your connections' }]);
    expect(sent[0]?.text).toContain(notification?.text);
    expect(sent[0]?.text).toContain(`${api.url}${notification?.href}`);
    expect(sent[0]?.text).toContain(sent[0]?.unsubscribeUrl);
    expect(await tryOnce(emailId, 2)).toEqual({ pauseSeconds: null });
    expect(sent).toHaveLength(1);
  });

  const refused: EmailResult = { sent: false, code: 'refused', reply: 550 };
  const deferred: EmailResult = { sent: false, code: 'deferred', reply: 451 };
  const lost: EmailResult = { sent: false, code: 'cut_off', reply: null };
  it.each([
    ['is put off', deferred, 1, 60, { status: 'waiting', reply: 451, failure_code: 'deferred' }, []],
    ['may have been taken', lost, 2, 300, { status: 'waiting', reply: null, failure_code: 'cut_off' }, []],
    ['is put off for a day', deferred, 8, null, { status: 'failed', reply: 451 }, ['failed']],
    ['is refused', refused, 1, null, { status: 'failed', reply: 550, failure_code: 'refused' }, ['failed']],
  ] as const)('that %s', async (_, result, n, pauseSeconds, row, counted) => {
    const { id } = await reachable();
    await tell(id, reconnect());
    const emailId = await waiting(id);
    results.push(result);
    expect(await tryOnce(emailId, n)).toEqual({ pauseSeconds });
    expect(await sql(`select status, reply, failure_code from emails where id = ?`, [emailId])).toMatchObject([row]);
    expect(ends).toEqual(counted);
  });

  it('goes twice under one id where a worker died before it wrote the answer down', async () => {
    const { id } = await reachable();
    await tell(id, reconnect());
    const emailId = await waiting(id);
    await expect(tryOnce(emailId, 1, dyingAfterwards())).rejects.toThrow('died');
    await tryOnce(emailId);
    expect(sent.map((message) => message.id)).toEqual([emailId, emailId]);
    expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1);
  });

  it('goes to the address of the account before others, and to a relay last', async () => {
    const { id, email } = await reachable();
    await sql(`delete from identities where user_id = ?`, [id]);
    const [relay, other] = [addressOf(), addressOf()];
    const next = async () => {
      await tell(id, reconnect());
      await tryOnce((await emailsOf(id)).at(-1)?.id ?? '');
      return sent.at(-1)?.to;
    };
    await identity(id, relay, { relay: true });
    expect(await next()).toBe(relay);
    await identity(id, other);
    expect(await next()).toBe(other);
    await identity(id, email.toUpperCase());
    expect(await next()).toBe(email.toUpperCase());
  });

  it('is dropped where there is no address any more, or its person does not want it by then', async () => {
    const [away, unwilling] = [await reachable(), await reachable()];
    for (const { id } of [away, unwilling]) await tell(id, reconnect());
    await sql(`delete from identities where user_id = ?`, [away.id]);
    await choose(unwilling.token, 1, { connections: { email: false } });
    for (const { id } of [away, unwilling]) await tryOnce(await waiting(id));
    expect(await emailsOf(away.id)).toMatchObject([{ status: 'dropped', failure_code: 'no_address' }]);
    expect(await emailsOf(unwilling.id)).toMatchObject([{ status: 'dropped', failure_code: 'not_wanted' }]);
    expect([sent, ends]).toEqual([[], ['dropped', 'dropped']]);
  });

  it('can be the last of its kind by one click without a session, and not by looking', async () => {
    const { id, token } = await reachable();
    await tell(id, reconnect());
    await tryOnce(await waiting(id));
    const link = sent[0]?.unsubscribeUrl ?? '';
    const me = async () => (await api.call('GET', '/api/v1/me', { token })).body;
    const before = await me();
    const page = await fetch(link);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<form method="post">');
    expect(await me()).toEqual(before);
    const click = () => fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    expect((await click()).status).toBe(200);
    expect((await me()).settings).toEqual({ notifications: { connections: { email: false } } });
    const { version } = await me();
    expect((await click()).status).toBe(200);
    expect((await me()).version).toBe(version);
    expect(
      await sql(`select details from audit_entries where event = 'user.unsubscribed' and actor_id = ?`, [id]),
    ).toEqual([{ details: { group: 'connections' } }]);
    expect((await fetch(link.replace('/connections/', '/account/'), { method: 'POST' })).status).toBe(404);
    await sql(`delete from users where id = ?`, [id]);
    expect((await click()).status).toBe(200);
  });
});
