/** @own-modules since tracing that was on once stays known to the process */
import { createCredentialAccess } from '../../adapters/postgres/credential-access';
import { openOrm } from '../../adapters/postgres/orm';
import { createProviderGate } from '../../adapters/postgres/provider-gate';
import { createSpotifyArtistSource } from '../../adapters/providers/spotify/artist-source';
import { createSpotifyClient } from '../../adapters/providers/spotify/client';
import { createLogger } from '../../adapters/telemetry/logger';
import { startTracing } from '../../adapters/tracing/start-tracing';
import { createJoinRefresh } from '../../adapters/temporal/join-refresh';
import { createVault } from '../../adapters/vault/vault';
import { type ApiUnderTest, startApi } from '../integration/api/api-under-test';
import { Browser } from '../integration/api/browser';
import { causesOf, type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver';
import { shapeOf } from '../support/sandbox-admin';
import { startSystem, type System } from '../support/system';
import { tellAppleMusicAct } from '../../dev/demo/apple-music/act';
import { Browser as DemoBrowser } from '../../dev/demo/browser';
import { Person } from '../../dev/demo/person';
import { PutBack } from '../../dev/demo/put-back';
import { Sandbox } from '../../dev/demo/sandbox';

let system: System;
let api: ApiUnderTest;
let closeOrm: () => Promise<void>;
let traces: OtlpReceiver;
let endTracing: () => Promise<void>;
const workerLines: Record<string, unknown>[] = [];
const browser = new Browser();

beforeAll(async () => {
  const log = createLogger('worker', 'info', {
    write: (line) => void workerLines.push(JSON.parse(line) as Record<string, unknown>),
  });
  traces = await startOtlpReceiver();
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
  Object.assign(process.env, variables);
  system = await startSystem({ environment: variables });
  endTracing = await startTracing(system.config.tracing, { process: 'worker', log });
  await system.startWorkers({ log });
  const orm = await openOrm(system.config.DATABASE_URL, { max: 5 });
  closeOrm = () => orm.close(true);
  const access = createCredentialAccess({
    orm,
    vault: createVault(system.config.VAULT_KEYS),
    joinRefresh: createJoinRefresh(system.client),
  });
  const spotify = createSpotifyClient({
    apiUrl: system.config.spotify?.apiUrl ?? '',
    gate: createProviderGate(orm, { callsPerSecond: 1000 }),
    timeoutSeconds: 10,
  });
  api = await startApi({
    environment: system.environment,
    overrides: { artistSources: { spotify: createSpotifyArtistSource({ access, spotify }) } },
  });
});

afterAll(async () => {
  await api?.close();
  await closeOrm?.();
  await system?.close();
  await endTracing?.();
  await traces?.close();
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await browser.fetch(`${api.url}/api/v1/${path}`, {
    method,
    headers: { origin: api.url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

async function ended(path: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await call('GET', path);
    if (body.finishedAt) return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const textOf = (value: unknown) => value as string;

test('a person signs in, connects, blocks, plans, runs and rolls back, and each step can be followed by its request id', async () => {
  const before = await system.admin.library('second-listener');
  const signedIn = await browser.finish(
    await browser.consent(`${api.url}/api/v1/auth/google/start?returnTo=/`, { user: 'second-listener' }),
  );
  expect(signedIn.searchParams.get('result')).toBe('ok');
  const connected = await browser.finish(
    await browser.consent(`${api.url}/api/v1/connections/spotify/start?returnTo=/`, { user: 'second-listener' }),
  );
  expect(connected.searchParams.get('result')).toBe('ok');
  const connectionId = connected.searchParams.get('connectionId') ?? '';
  expect(await ended(`jobs/${connected.searchParams.get('jobId')}`)).toMatchObject({
    status: 'completed',
    type: 'library_sync',
  });

  const liked = new Set(before.likes.map((like) => like.trackId));
  const artist = (await system.admin.tracks(5_000)).find((track) => liked.has(track.id))?.artists[0];
  const { body: found } = await call('GET', `artists?query=${encodeURIComponent(artist?.name ?? '')}`);
  const match = (found.items as { id: string; providerIds: { spotify: string[] } }[]).find((item) =>
    item.providerIds.spotify.includes(artist?.id ?? ''),
  );
  expect((await call('PUT', `blocks/${match?.id}`, { note: 'no more' })).status).toBe(201);

  const planned = await call('POST', 'enforcement/plans', { connectionId, preset: 'standard' });
  expect(planned.status).toBe(202);
  expect(planned.headers.get('location')).toContain(textOf(planned.body.jobId));
  expect(await ended(`jobs/${textOf(planned.body.jobId)}`)).toMatchObject({ status: 'completed' });
  const plan = (await call('GET', `enforcement/plans/${textOf(planned.body.planId)}`)).body;
  expect(plan).toMatchObject({ status: 'ready' });

  const run = await call('POST', `enforcement/plans/${textOf(plan.id)}/execute`, { confirm: true });
  expect(run.status).toBe(202);
  const job = await ended(`jobs/${textOf(run.body.jobId)}`);
  expect(job).toMatchObject({ status: 'completed', requestId: run.headers.get('x-request-id') });
  const { memo } = await system.client.workflow.getHandle(`run:${textOf(run.body.runId)}`).describe();
  expect(memo).toEqual({ requestId: job.requestId });
  expect(
    workerLines
      .filter((line) => line.requestId === job.requestId && line.msg === 'activity done')
      .map((line) => line.activity),
  ).toEqual(expect.arrayContaining(['runSlice', 'finishRun']));
  expect((await ended(`enforcement/runs/${textOf(run.body.runId)}`)).receipt).toMatchObject({ unexplained: 0 });
  expect(shapeOf(await system.admin.library('second-listener'))).not.toEqual(shapeOf(before));

  const undo = await call('POST', `enforcement/runs/${textOf(run.body.runId)}/rollback`, {});
  expect(await ended(`enforcement/runs/${textOf(undo.body.runId)}`)).toMatchObject({
    status: 'completed',
    runType: 'rollback',
  });
  expect((await call('GET', `enforcement/runs/${textOf(run.body.runId)}`)).body).toMatchObject({ undone: 'fully' });
  expect(shapeOf(await system.admin.library('second-listener'))).toEqual(shapeOf(before));
});

test('the demo’s Apple Music listener gets every rating back, and the demo leaves nothing behind, under LONG twice in a row', async () => {
  const before = await system.admin.appleLibrary('apple-listener');
  for (let times = process.env.LONG ? 2 : 1; times > 0; times -= 1) {
    const demoBrowser = new DemoBrowser(fetch);
    const lines: string[] = [];
    const putBack = new PutBack();
    await tellAppleMusicAct({
      person: new Person(demoBrowser, api.url),
      browser: demoBrowser,
      sandbox: new Sandbox(fetch, system.sandbox.url),
      user: 'apple-listener',
      screen: { isTTY: false, columns: 100, write: () => undefined },
      putBack,
      say: (line) => void lines.push(line),
    });
    const printed = lines.join('\n');
    for (const row of [/not rated +\d+ +suggest less +not rated/, /loved +\d+ +suggest less +loved/])
      expect(printed).toMatch(row);
    expect(printed).toMatch(/suggest less +\d+ +suggest less +suggest less/);
    expect(printed).toMatch(/ticked off: .+ \(1\)/);
    expect(printed).toMatch(/Copy ".+ \(without\)": \d+ of the \d+ tracks/);
    expect(await putBack.all()).toEqual([]);
    expect(await system.admin.appleLibrary('apple-listener')).toEqual(before);
  }
});

/** What a span may say. */
const attributes = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'error.type',
  'dnp.request_id',
  'dnp.provider',
  'dnp.endpoint',
  'dnp.outcome',
  'dnp.attempt',
  'temporalWorkflowID',
  'temporalRunID',
  'temporalActivityID',
];

test('what a person asked for is one trace, from the request through the workflow and its activities to the provider', async () => {
  await endTracing();
  const spans = traces.spans();
  const causes = (name: string) => spans.filter((span) => span.name === name).map((span) => causesOf(span, spans));
  const of = (route: string, workflow: string, activity: string) => [
    `RunActivity ${activity}`,
    `RunWorkflow ${workflow}`,
    `StartWorkflow ${workflow}`,
    route,
  ];
  const slices = of('POST /api/v1/enforcement/plans/{id}/execute', 'enforce', 'runSlice');
  expect(causes('spotify library_remove')).toContainEqual(['spotify library_remove', ...slices]);
  const undoing = of('POST /api/v1/enforcement/runs/{id}/rollback', 'rollback', 'runSlice');
  expect(causes('spotify library_save')).toContainEqual(['spotify library_save', ...undoing]);
  const signingIn = of('GET /api/v1/auth/{provider}/callback', 'linkAccount', 'exchangeCode');
  expect(causes('google token_exchange')).toContainEqual(['google token_exchange', ...signingIn]);

  const said = spans.flatMap((span) => span.attributes.map(({ key }) => key));
  expect([...new Set(said)].filter((key) => !attributes.includes(key))).toEqual([]);
  expect(spans.filter(({ events, status }) => events.length > 0 || status.message)).toEqual([]);
  const { traceId } = spans.find(({ name }) => name === 'RunWorkflow rollback') ?? {};
  expect(workerLines).toContainEqual(expect.objectContaining({ activity: 'finishRun', traceId }));
});

test('neither the worker’s log nor the traces hold a token, e-mail address or name', async () => {
  const secrets = (await system.admin.secrets()).filter((secret) => secret.length >= 6);
  const log = JSON.stringify(workerLines) + JSON.stringify(traces.spans());
  expect(workerLines.length).toBeGreaterThan(5);
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
