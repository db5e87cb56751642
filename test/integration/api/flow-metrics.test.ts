import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMetricsServer } from '../../../adapters/telemetry/metrics-server';
import { createSweepActivities } from '../../../activities/sweep';
import { createWorkerMetrics, type WorkerMetrics } from '../../../workers/metrics';
import { startSystem, type System } from '../../support/system';
import { startApi, type ApiUnderTest } from './api-under-test';
import { Browser, query } from './browser';
import { fault } from './signed-in';

let system: System;
let api: ApiUnderTest;
let worker: WorkerMetrics;
const servers: Server[] = [];

beforeAll(async () => {
  system = await startSystem();
  api = await startApi({ environment: system.environment });
  worker = createWorkerMetrics();
  for (const { registry } of [api.deps.metrics, worker]) {
    const server = createMetricsServer(registry);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
  }
});
afterAll(async () => {
  for (const server of servers) server.close();
  await api.close();
  await system.close();
});

/** What both processes' /metrics say together of flows with Google, by outcome. */
async function counted(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const server of servers) {
    const { port } = server.address() as AddressInfo;
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('# TYPE dnp_oauth_flows_total counter');
    for (const [, provider, purpose, outcome = '', value] of text.matchAll(
      /^dnp_oauth_flows_total\{provider="(\w+)",purpose="(\w+)",outcome="(\w+)"\} (\d+)$/gm,
    )) {
      expect([provider, purpose]).toEqual(['google', 'sign_in']);
      sums[outcome] = (sums[outcome] ?? 0) + Number(value);
    }
  }
  return sums;
}
const start = () => `${api.url}/api/v1/auth/google/start`;
async function walk(decision?: string): Promise<{ browser: Browser; callback: string }> {
  const browser = new Browser();
  return { browser, callback: await browser.consent(start(), { user: 'listener', decision }) };
}

it('every end is counted once, where it happens, and nothing that isn’t an end', async () => {
  // The browser gives up waiting; the flow ends without it, once a worker is there.
  const left = await walk();
  expect(query(await left.browser.finish(left.callback))).toEqual({ error: 'still_working' });
  expect(await counted()).toEqual({});
  await system.startWorkers({ metrics: worker });
  await system.client.workflow.getHandle(`link-account:${await lastFlow()}`).result();
  expect(await counted()).toEqual({ ok: 1 });

  // It comes back and reloads, and two tabs finish one flow at once.
  for (let n = 0; n < 2; n += 1) expect(query(await left.browser.finish(left.callback))).toEqual({ result: 'ok' });
  const twice = await walk();
  await Promise.all([twice.browser.finish(twice.callback), twice.browser.finish(twice.callback)]);
  expect(await counted()).toEqual({ ok: 2 });

  const denied = await walk('deny');
  for (let n = 0; n < 2; n += 1)
    expect(query(await denied.browser.finish(denied.callback))).toEqual({ error: 'access_denied' });
  expect(await counted()).toEqual({ ok: 2, access_denied: 1 });

  // A lost answer ends one flow and begins another.
  const lost = await walk();
  await fault(system, { service: 'google', method: 'POST', route: '/token', dropAnswer: true });
  const again = await lost.browser.finish(lost.callback);
  await lost.browser.finish(await lost.browser.consentAt(again.href, { user: 'listener' }));
  expect(await counted()).toEqual({ ok: 3, access_denied: 1, code_lost: 1 });

  // Somebody else's browser and a state that nobody gave out end no flow.
  const mine = await walk();
  await new Browser().finish(mine.callback);
  await new Browser().finish(`${api.url}/api/v1/auth/google/callback?state=made-up&code=x`);
  expect(await counted()).toEqual({ ok: 3, access_denied: 1, code_lost: 1 });

  // And one from which nobody comes back in time.
  await system.orm.em.fork().execute(`update oauth_transactions set expires_at = now() where status = 'started'`);
  const sweep = createSweepActivities({
    ...system,
    onFlowEnd: worker.onFlowEnd,
    emails: { sending: false, onDropped: () => undefined },
  });
  await sweep.forgetExpired();
  await sweep.forgetExpired();
  expect(query(await mine.browser.finish(mine.callback))).toEqual({ error: 'flow_expired' });
  expect(await counted()).toEqual({ ok: 3, access_denied: 1, code_lost: 1, abandoned: 1 });
}, 90_000);

async function lastFlow(): Promise<string> {
  const [row] = await system.orm.em
    .fork()
    .execute<{ id: string }[]>(`select id from oauth_transactions order by id desc limit 1`);
  return row?.id ?? '';
}
