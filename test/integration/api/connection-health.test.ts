import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { createWorkerMetrics } from '../../../workers/metrics';
import { fault, setStage, type Stage } from './signed-in';

let stage: Stage;
let id: string;
let token: string;
const metrics = createWorkerMetrics();
beforeAll(async () => {
  stage = await setStage({ PROVIDER_TIMEOUT_SECONDS: '25' }, { metrics });
  ({ id, token } = await connected('listener'));
});
afterAll(() => stage?.close());

/** Somebody with a connection and a token of their own for the API. */
async function connected(user: string): Promise<{ id: string; token: string }> {
  const { userId, connectionId } = await stage.system.connect(user);
  const em = stage.system.orm.em.fork();
  const expiresAt = new Date(Date.now() + 86_400_000);
  const made = await createPersonalToken(em, { userId, name: 'test', scopes: ['read', 'write'], expiresAt });
  return { id: connectionId, token: made.token };
}

const ask = (what: string, as = token) => stage.api.call('POST', `/api/v1/connections/${id}/${what}`, { token: as });

describe('asking how a connection works', () => {
  it('answers with what the provider says now', async () => {
    const answer = await ask('health-check');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, health: 'healthy', healthCode: null, action: null });
    expect(answer.body.checkedAt).toEqual(expect.any(String));
  });

  it('renews when asked, once for two who ask at the same time', async () => {
    const answers = await Promise.all([ask('refresh'), ask('refresh')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [row] = await stage.rows<{ version: number }>(`select version from credentials where owner_id = ?`, [id]);
    expect(row?.version).toBe(2);
  });

  it('tells what to do about an app that may not, and takes it back when it may', async () => {
    const setApp = (settings: object) =>
      fetch(`${stage.system.sandbox.url}/admin/spotify/apps/sandbox-spotify`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      });
    const unread = async () => {
      const { body } = await stage.api.call('GET', '/api/v1/me/notifications?unread=true', { token });
      return body.items as { type: string; href: string; text: string }[];
    };
    await setApp({ registeredUsers: ['second-listener'] });
    const href = '/api/v1/me/provider-apps/spotify';
    const answer = await ask('health-check');
    expect(answer.body).toMatchObject({
      health: 'degraded',
      healthCode: 'app_user_not_allowed',
      action: { code: 'use_own_app', href },
    });
    await ask('health-check');
    expect(await unread()).toMatchObject([
      { type: 'connection.degraded', href, text: expect.stringContaining('an app of your own') },
    ]);
    await setApp({ registeredUsers: null });
    expect((await ask('health-check')).body).toMatchObject({ health: 'healthy', action: null });
    expect((await unread()).map(({ type }) => type)).toEqual(['connection.recovered']);
  });

  it('is nobody else’s business', async () => {
    const stranger = await stage.api.person();
    expect((await ask('health-check', stranger.token)).status).toBe(404);
    expect((await ask('refresh', stranger.token)).status).toBe(404);
  });

  it('says where to reconnect once that is all that helps, and renews no more', async () => {
    await fetch(`${stage.system.sandbox.url}/admin/users/listener/spotify/revoke`, { method: 'POST' });
    const action = { code: 'reconnect', href: `/api/v1/connections/spotify/start?connectionId=${id}` };
    const answer = await ask('health-check');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ health: 'needs_reconnect', healthCode: 'revoked_at_provider', action });
    const refused = await ask('refresh');
    expect({ status: refused.status, ...refused.body }).toMatchObject({
      status: 409,
      code: 'connection_unusable',
      action,
    });
    expect(stage.api.deps.metrics.registry.getSingleMetric('dnp_connection_health_changes_total')).toBeDefined();
  });

  it('has an end for each connection', async () => {
    const answers = [];
    for (let n = 0; n < 11; n += 1) answers.push((await ask('health-check')).status);
    expect(answers.at(-1)).toBe(429);
  });
});

describe('a provider that takes longer than a person waits', () => {
  it('is not waited for: who asks is told to look again, all join one question, and its answer is there later', async () => {
    const own = await connected('second-listener');
    const path = `/api/v1/connections/${own.id}`;
    const slow = { delayMs: 13_000 };
    await fault(stage.system, { service: 'spotify', method: 'GET', route: '/me', ...slow });
    await fault(stage.system, { service: 'spotify-accounts', method: 'POST', route: '/api/token', ...slow });
    await stage.system.admin.forgetCalls();
    const asked = ['health-check', 'health-check', 'refresh', 'refresh'];
    const answers = await Promise.all(
      asked.map((what) => stage.api.call('POST', `${path}/${what}`, { token: own.token })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    for (const { body } of answers) expect(body).toMatchObject({ id: own.id, health: 'healthy' });
    for (const workflowId of [`check:${own.id}`, `refresh:${own.id}:1`])
      await stage.system.client.workflow.getHandle(workflowId).result();
    const { body } = await stage.api.call('GET', path, { token: own.token });
    expect(body).toMatchObject({ health: 'healthy', healthCode: null });
    expect(body.checkedAt).not.toBe(answers[0]?.body.checkedAt);
    const calls = await stage.system.admin.calls();
    expect(calls.map(({ method, route, count }) => [method, route, count]).sort()).toEqual([
      ['GET', '/me', 1],
      ['POST', '/api/token', 1],
    ]);
  }, 60_000);
});

describe('a renewal whose answer comes after the disconnecting', () => {
  it('brings nothing back', async () => {
    const own = await connected('reviewer');
    const path = `/api/v1/connections/${own.id}`;
    await fault(stage.system, { service: 'spotify-accounts', route: '/api/token', delayMs: 2_000 });
    const refresh = stage.api.call('POST', `${path}/refresh`, { token: own.token });
    const faults = async () =>
      ((await (await fetch(`${stage.system.sandbox.url}/admin/faults`)).json()) as { items: unknown[] }).items;
    while ((await faults()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const gone = await stage.api.call('DELETE', path, { token: own.token, body: { confirm: true } });
    expect(gone.status).toBe(202);
    expect((await refresh).status).toBe(404);
    expect(await stage.system.client.workflow.getHandle(`refresh:${own.id}:1`).result()).toEqual({
      outcome: 'gone',
    });
    await stage.system.jobEnd(String(gone.body.jobId));
    expect(await stage.rows(`select owner_id from credentials where owner_id = ?`, [own.id])).toEqual([]);
    expect((await stage.api.call('GET', path, { token: own.token })).status).toBe(404);
  });
});

describe('a consent that renews a connection', () => {
  it('counts as its recovery', async () => {
    const recovered = async () => {
      const metric = await metrics.registry.getSingleMetric('dnp_connection_health_changes_total')?.get();
      const found = metric?.values.filter(({ labels }) => labels.health === 'healthy') ?? [];
      return found.reduce((sum, { value }) => sum + value, 0);
    };
    const browser = await stage.signedIn('admin');
    const connect = async () => browser.finish(await browser.consent(stage.connectUrl, { user: 'admin' }));
    expect((await connect()).searchParams.get('result')).toBe('ok');
    const [row] = await stage.rows<{ id: string; health: string }>(
      `select id, health from connections where account_user_id = 'admin'`,
    );
    await stage.rows(
      `update connections set health = 'needs_reconnect', health_code = 'refresh_rejected' where id = ?`,
      [row?.id],
    );
    const before = await recovered();
    expect((await connect()).searchParams.get('result')).toBe('ok');
    expect(await recovered()).toBe(before + 1);
  });
});
