import { startSystem, type System } from '../../support/system';
import { startApi, type ApiUnderTest } from './api-under-test';
import { Browser, query } from './browser';

let system: System;
let api: ApiUnderTest;
beforeAll(async () => {
  system = await startSystem();
  api = await startApi({ environment: system.environment });
});
afterAll(async () => {
  await api.close();
  await system.close();
});

describe('a sign-in that takes longer than a browser should wait', () => {
  it('is told as still working, ends without the browser, and a reload then signs in', async () => {
    const browser = new Browser();
    const callback = await browser.consent(`${api.url}/api/v1/auth/google/start`, { user: 'listener' });
    expect(query(await browser.finish(callback))).toEqual({ error: 'still_working' });
    await system.startWorkers();
    expect(query(await browser.finish(callback))).toEqual({ result: 'ok' });
    const session = await browser.fetch(`${api.url}/api/v1/auth/session`);
    expect(session.status).toBe(200);
  });
});

describe('while Temporal is away', () => {
  it('the flow isn’t lost: once it is back, a reload goes on', async () => {
    const away = await startApi({ environment: { ...system.environment, TEMPORAL_ADDRESS: '127.0.0.1:9' } });
    const browser = new Browser();
    const callback = await browser.consent(`${away.url}/api/v1/auth/google/start`, { user: 'second-listener' });
    expect(query(await browser.finish(callback))).toEqual({ error: 'service_unavailable' });
    await away.close();
    const rows = await system.orm.em.fork().execute(`select status from oauth_transactions order by id desc limit 1`);
    expect(rows).toEqual([{ status: 'claimed' }]);
  });
});
