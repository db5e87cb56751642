import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { createLogger } from '../../adapters/telemetry/logger';
import { sealedColumns } from '../../adapters/vault/sealed-columns';
import { createWorkerMetrics } from '../../workers/metrics';
import { appleMusicOn } from '../integration/api/apple-music-walker';
import type { Browser } from '../integration/api/browser';
import { setStage, type Stage } from '../integration/api/signed-in';
import { appealTexts } from '../support/appeal-stage';
import { privateNote } from '../support/block-import-story';
import { tellWholeStory } from '../support/whole-story';

/**
 * Every flow is gone through, well and badly; then everything that people who run the system can read is searched for every
 * secret that a provider gave or got, and for ours: as it is, escaped as in JSON once and twice, and as in an address.
 */
let stage: Stage;
let hook: Server;
let executions: { workflowId: string; runId: string }[];
let hidden: string[];
/** Names of what people keep, that are like nothing that we say ourselves. */
let titles: string[];
const workerLog: string[] = [];
const errorBodies: string[] = [];
/** Our own secrets, as they were shown once. */
const ours: string[] = [];
const metrics = createWorkerMetrics();

beforeAll(async () => {
  const log = createLogger('worker', 'trace', { write: (line) => void workerLog.push(line) });
  stage = await setStage({ PROVIDER_TIMEOUT_SECONDS: '2' }, { log, metrics });
  hook = createServer((_request, response) => void response.writeHead(204).end());
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const told = await tellWholeStory(stage.system);
  ours.push(privateNote, ...Object.values(appealTexts));
  await lifecycle();
  await leaveFlowsOpen();
  // What has just been started is not listed yet.
  const known = [...told.map(({ workflowId }) => workflowId), 'maintain-connections'];
  executions = known.map((workflowId) => ({ workflowId, runId: '' }));
  for await (const { workflowId, runId } of stage.system.client.workflow.list()) executions.push({ workflowId, runId });
  hidden = [...(await stage.system.admin.secrets()), ...ours].filter((secret) => secret.length >= 6);
  titles = await titlesInLibraries();
}, 600_000);
afterAll(async () => {
  hook?.close();
  await stage?.close();
});

/** Calls as a person's browser and keeps the bodies of errors. */
async function send(browser: Browser, method: string, path: string, body?: unknown) {
  const answer = await browser.fetch(`${stage.api.url}/api/v1/${path}`, {
    method,
    headers: { origin: stage.api.url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status >= 400) errorBodies.push(text);
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
}

/** Connecting, checking, renewing, being refused and disconnecting at both streaming providers, with a webhook that is told. */
async function lifecycle(): Promise<void> {
  const { system } = stage;
  const browser = await stage.signedIn('apple-listener');
  const { port } = hook.address() as AddressInfo;
  const webhook = await send(browser, 'POST', 'me/webhooks', {
    url: `http://127.0.0.1:${port}/told`,
    events: ['connection.needs_reconnect', 'connection.recovered', 'connection.deleted', 'run.finished'],
  });
  expect(webhook.status).toBe(201);
  ours.push(String(webhook.body.secret));
  const token = await send(browser, 'POST', 'auth/tokens', {
    name: 'my script',
    scopes: ['read'],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  ours.push(String(token.body.token));

  const apple = appleMusicOn(stage);
  const musicUserToken = await apple.musicUserToken(browser, 'apple-listener');
  ours.push(musicUserToken);
  const music = await apple.post(browser, { musicUserToken });
  expect([200, 201]).toContain(music.status);
  await rateAndTakeBack(browser, music.body as { id: string; jobId: string });
  const refused = await apple.post(browser, { musicUserToken: 'made-up-token-of-somebody-else' });
  errorBodies.push(JSON.stringify(refused.body));
  ours.push('made-up-token-of-somebody-else');

  const landed = await browser.finish(
    await browser.consent(`${stage.connectUrl}?returnTo=/`, { user: 'apple-listener' }),
  );
  const spotifyId = landed.searchParams.get('connectionId') ?? '';
  await system.jobEnd(landed.searchParams.get('jobId') ?? '');
  for (const id of [spotifyId, String(music.body.id)]) await send(browser, 'POST', `connections/${id}/health-check`);
  await system.admin.expireTokens('apple-listener');
  await send(browser, 'POST', `connections/${spotifyId}/health-check`);
  await system.admin.revoke('apple-listener');
  await system.admin.expireTokens('apple-listener');
  await send(browser, 'POST', `connections/${spotifyId}/health-check`);
  await send(browser, 'POST', `connections/${spotifyId}/refresh`);
  await send(browser, 'POST', `connections/${spotifyId}/library-sync`);
  await send(browser, 'POST', 'enforcement/plans', { connectionId: 'not-an-id' });
  await send(browser, 'POST', 'enforcement/plans', { connectionId: spotifyId, preset: 'standard' });
  await system.client.workflow.execute('maintainConnections', {
    taskQueue: 'workflows',
    workflowId: 'maintain-connections',
  });
  const gone = await send(browser, 'DELETE', `connections/${spotifyId}`, { confirm: true });
  expect(gone.status).toBe(202);
  await system.jobEnd(String(gone.body.jobId));
  // What a worker wrote is started by the sweep of the next minute.
  await stage.rows(`update outbox set created_at = created_at - interval '1 minute' where started_at is null`);
  await system.client.workflow.execute('sweep', { taskQueue: 'workflows', workflowId: 'sweep-for-webhooks' });
  await deliveriesEnd();
}

/** Songs are disliked, a playlist is copied, the checklist read and ticked off, and the ratings taken back. */
async function rateAndTakeBack(browser: Browser, connection: { id: string; jobId: string }): Promise<void> {
  const end = async (started: { body: Record<string, unknown> }) => {
    expect(await stage.system.jobEnd(String(started.body.jobId))).toMatchObject({ status: 'completed' });
    return started.body;
  };
  await end({ body: { jobId: connection.jobId } });
  const blocked = await stage.rows<{ id: string }>(
    `select ta.artist_id as id from track_artists ta join artist_provider_ids i using (artist_id) where i.provider = 'apple_music'
      group by 1 order by count(*) desc, 1 limit 5`,
  );
  for (const { id } of blocked) await send(browser, 'PUT', `blocks/${id}`, { note: privateNote });
  const asked = { connectionId: connection.id, preset: 'thorough' };
  const { planId } = await end(await send(browser, 'POST', 'enforcement/plans', asked));
  const copied = await stage.rows<{ id: string }>(
    `update plan_items set included = item_type <> 'playlist_copy' or id = (select id from plan_items where plan_id = ? and item_type = 'playlist_copy' limit 1)
      where plan_id = ? and action_type <> 'none' and not needs_review returning id`,
    [planId, planId],
  );
  expect(copied.length).toBeGreaterThan(0);
  const checklist = await send(browser, 'GET', `enforcement/plans/${String(planId)}/checklist`);
  const [first] = checklist.body.items as { id: string }[];
  expect(
    (await send(browser, 'PATCH', `enforcement/plans/${String(planId)}/checklist/${first?.id}`, { done: true })).status,
  ).toBe(200);
  const { runId } = await end(
    await send(browser, 'POST', `enforcement/plans/${String(planId)}/execute`, { confirm: true }),
  );
  await end(await send(browser, 'POST', `enforcement/runs/${String(runId)}/rollback`, {}));
}

/** Of what plans were about, and of who is blocked; short ones and single words could be our own. */
async function titlesInLibraries(): Promise<string[]> {
  const rows = await stage.rows<{ name: string }>(
    `select name from plan_items union select playlist_name from plan_items where playlist_name is not null
      union select a.name from artists a join blocks b on b.artist_id = a.id`,
  );
  return rows.map(({ name }) => name).filter((name) => name.length >= 10 && /\S\s+\S/.test(name));
}

async function deliveriesEnd(): Promise<void> {
  for (let looks = 0; looks < 200; looks += 1) {
    const rows = await stage.rows(`select from webhook_deliveries where status = 'pending'`);
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('A message to a webhook was never sent.');
}

/** A flow that waits for its callback has secrets in its row, and so has one that a callback was refused for. */
async function leaveFlowsOpen(): Promise<void> {
  for (const provider of ['google', 'apple', 'github'])
    await fetch(`${stage.api.url}/api/v1/auth/${provider}/start`, { redirect: 'manual' });
  const wrong = await fetch(`${stage.api.url}/api/v1/auth/google/callback?state=made-up&code=a-code-of-nobody`, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
  });
  ours.push('a-code-of-nobody');
  errorBodies.push(await wrong.text());
}

const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
const ascii = (text: string) =>
  text.replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** How a secret can stand in a text. */
function guises(secret: string): string[] {
  const once = escaped(secret);
  return [...new Set([secret, once, escaped(once), ascii(once), encodeURIComponent(secret)])];
}

/** Which secrets can be read in a text; only how long each is and how it begins is told. */
function readable(text: string, secrets = hidden): string[] {
  return secrets
    .filter((secret) => guises(secret).some((guise) => text.includes(guise)))
    .map((secret) => `${secret.slice(0, 4)}… (${secret.length})`);
}

/** A history with its payloads, heartbeats and failures decoded, and whatever describes it. */
async function textOf({ workflowId, runId }: { workflowId: string; runId: string }): Promise<string> {
  const handle = stage.system.client.workflow.getHandle(workflowId, runId || undefined);
  const history = historyToJSON(await handle.fetchHistory());
  const payloads = [...history.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString('utf8'),
  );
  const { raw, memo, typedSearchAttributes } = await handle.describe();
  return [history, ...payloads, JSON.stringify([raw, memo, typedSearchAttributes])].join('\n');
}

test('the search finds what is there, in each of its guises', () => {
  const secret = 'Zoë "Z" Ålund/+\n';
  for (const guise of guises(secret)) expect(readable(`before ${guise} after`, [secret])).toHaveLength(1);
  expect(guises(secret).length).toBeGreaterThan(3);
  expect(readable('nothing here', [secret])).toEqual([]);
  expect(hidden.length).toBeGreaterThan(50);
  expect(titles.length).toBeGreaterThan(20);
  for (const secret of ours) expect(secret.length).toBeGreaterThan(10);
});

const goneThrough = [
  ...['linkAccount', 'unlinkIdentity', 'mergeAccounts', 'undoMerge', 'exportAccount', 'eraseAccount'],
  ...['syncLibrary', 'preparePlan', 'enforce', 'rollback', 'refreshCredential', 'maintainConnections', 'disconnect'],
  ...['deliverWebhook', 'sendEmail', 'rotateVaultKeys', 'importBlocks', 'importCatalog', 'sweep', 'checkConnection'],
  ...['expireBlocks', 'scheduledEnforcement', 'enforceScheduled', 'syncGraph', 'indexArtists'],
  ...['tellOfWithdrawals', 'snapshotAnalytics'],
];

test('nothing is in a workflow’s history, memo, search attributes or failures', async () => {
  expect(executions.length).toBeGreaterThan(40);
  const types = new Set<string>();
  for (const execution of executions) {
    const text = await textOf(execution);
    types.add(/"workflowType": ?\{\s*"name": ?"(\w+)"/.exec(text)?.[1] ?? '');
    expect([execution.workflowId, ...readable(text, [...hidden, ...titles])]).toEqual([execution.workflowId]);
  }
  expect(goneThrough.filter((type) => !types.has(type))).toEqual([]);
}, 240_000);

test('failures in histories are codes: no message, no stack, no cause that says more', async () => {
  for (const execution of executions) {
    const text = await textOf(execution);
    for (const [, message] of text.matchAll(/"message": ?"([^"]*)"/g))
      expect(message).toMatch(/^[A-Za-z][\w. -]{0,60}$/);
    expect([...text.matchAll(/"stackTrace": ?"([^"]+)"/g)]).toEqual([]);
  }
}, 240_000);

test('nothing is in the logs of API and worker', () => {
  expect(workerLog.length).toBeGreaterThan(100);
  const apiLog = stage.api.logged().map((line) => JSON.stringify(line));
  expect(apiLog.length).toBeGreaterThan(10);
  expect(readable([...workerLog, ...apiLog].join('\n'), [...hidden, ...titles])).toEqual([]);
});

test('nothing is in the metrics', async () => {
  const text = `${await metrics.registry.metrics()}\n${await stage.api.deps.metrics.registry.metrics()}`;
  expect(text).toContain('dnp_provider_requests_total{');
  expect(readable(text, [...hidden, ...titles])).toEqual([]);
});

test('nothing is in an error that somebody is told', () => {
  expect(errorBodies.length).toBeGreaterThan(3);
  expect(readable(errorBodies.join('\n'))).toEqual([]);
});

test.each([
  'audit_entries',
  'jobs',
  'job_milestones',
  'outbox',
  'runs',
  'actions',
  'plans',
  'library_generations',
  'person_events',
  'notifications',
  'webhook_deliveries',
  'idempotency_keys',
])('nothing is in a row of %s', async (table) => {
  const rows = await stage.rows<{ line: string }>(`select row_to_json(t)::text as line from ${table} t`);
  expect(readable(rows.map(({ line }) => line).join('\n'))).toEqual([]);
});

async function allTables(): Promise<string[]> {
  const rows = await stage.rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  return rows.map(({ name }) => name);
}

test('no token and no code stands unsealed anywhere in the database', async () => {
  // Addresses and names are there, where the person's own data is.
  const tokens = hidden.filter((secret) => /^[\w.~+/=-]{20,}$/.test(secret) && !secret.includes('@'));
  expect(tokens.length).toBeGreaterThan(20);
  for (const table of await allTables()) {
    const rows = await stage.rows<{ line: string }>(`select row_to_json(t)::text as line from ${table} t`);
    expect([table, ...readable(rows.map(({ line }) => line).join('\n'), tokens)]).toEqual([table]);
  }
}, 120_000);

test('whatever is sealed stands in a column that rotation knows', async () => {
  const prefix = Buffer.from('{"alg":"dir","enc":"A256GCM","kid":"').toString('base64url');
  const known = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  const found = new Set<string>();
  for (const table of await allTables()) {
    const rows = await stage.rows<Record<string, unknown>>(
      `select * from ${table} t where row_to_json(t)::text like ?`,
      [`%${prefix}%`],
    );
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if ((JSON.stringify(value) ?? '').includes(prefix)) found.add(`${table}.${column}`);
  }
  expect([...found].filter((place) => !known.includes(place))).toEqual([]);
  expect([...found]).toEqual(
    expect.arrayContaining([
      'credentials.access_token',
      'credentials.refresh_token',
      'oauth_transactions.flow_secrets',
      'webhooks.secret',
    ]),
  );
});
