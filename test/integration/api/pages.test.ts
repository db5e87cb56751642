import { createSession } from '../../../adapters/postgres/sessions';
import { newId } from '../../../adapters/postgres/ids';
import type { HealthCheck } from '../../../api/ops/health';
import { startApi, type ApiUnderTest } from './api-under-test';

const environment = { SANDBOX_URL: 'http://127.0.0.1:8090', TEMPORAL_UI_URL: 'http://127.0.0.1:8233' };
let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ environment });
});
afterAll(() => api.close());

describe('the start page', () => {
  it('tells a stranger how to sign in, in the browser and as a program', async () => {
    const { status, text, headers } = await api.call('GET', '/');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    for (const part of [
      '/api/v1/auth/google/start',
      'npm run -s user -- token',
      '/docs',
      environment.SANDBOX_URL,
      environment.TEMPORAL_UI_URL,
    ])
      expect(text).toContain(part);
  });

  it('tells who is signed in, what comes next and what runs, and looks again while something does', async () => {
    const { id } = await api.person();
    const em = api.deps.orm.em.fork();
    await em.execute(`update users set display_name = '<b>Ann</b>' where id = ?`, [id]);
    const { token } = await createSession(em, { userId: id, userAgent: null, lifetime: api.config });
    const page = () => api.call('GET', '/', { headers: { cookie: `dnp_session=${token}` } });
    const quiet = (await page()).text;
    expect(quiet).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect(quiet).toContain('/api/v1/connections/spotify/start?returnTo=/');
    expect(quiet).not.toContain('http-equiv="refresh"');
    await em.execute(
      `insert into jobs (id, user_id, type, subject_type, workflow_id, status, phase, done, total) values (?, ?, 'library_sync', 'connection', 'w', 'running', 'likes', 5, 20)`,
      [newId(), id],
    );
    const busy = (await page()).text;
    expect(busy).toContain('running · likes');
    expect(busy).toContain('25 %');
    expect(busy).toContain('http-equiv="refresh"');
  });

  it('explains how a flow ended by its code, and shows nothing that was made up', async () => {
    expect((await api.call('GET', '/?error=access_denied')).text).toContain('Consent was not given');
    expect((await api.call('GET', '/?error=<script>alert(1)</script>')).text).not.toContain('<script>');
    expect((await api.call('GET', '/?error=constructor')).text).not.toContain('(<code>constructor');
  });
});

describe('the documentation', () => {
  it('describes every route in OpenAPI 3.1', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths as object)).toEqual(expect.arrayContaining(['/api/v1/auth/session', '/api/v1/me']));
    expect((body.components as { schemas: object }).schemas).toHaveProperty('Problem');
  });

  it('is shown by Swagger UI from files of our own', async () => {
    expect((await api.call('GET', '/docs')).text).toContain('/docs/swagger-ui-bundle.js');
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js', 'initializer.js'])
      expect((await api.call('GET', `/docs/${file}`)).status).toBe(200);
    for (const file of ['package.json', '..%2Fpackage.json', '../package.json'])
      expect((await api.call('GET', `/docs/${file}`)).status).toBe(404);
  });

  it('explains every error code at the address that problems name', async () => {
    expect((await api.call('GET', '/docs/errors')).text).toContain('id="plan_stale"');
  });
});

describe('the state of the engines', () => {
  const up = (name: string, required: boolean): HealthCheck => ({ name, required, check: () => Promise.resolve() });
  const never = (name: string, required: boolean): HealthCheck => ({
    name,
    required,
    check: () => new Promise(() => undefined),
  });
  async function ready(checks: HealthCheck[]): Promise<{ status: number; body: Record<string, unknown> }> {
    const other = await startApi({ overrides: { checks } });
    const answer = await other.call('GET', '/readyz');
    await other.close();
    return { status: answer.status, body: answer.body };
  }

  it('is asked of the real ones, each with its time', async () => {
    const answer = await api.call('GET', '/readyz');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'degraded',
      engines: [
        { name: 'postgresql', status: 'up', milliseconds: expect.any(Number) },
        { name: 'temporal', status: 'up', milliseconds: expect.any(Number) },
        { name: 'neo4j', status: 'down' },
        { name: 'lancedb', status: 'up' },
        { name: 'audit-seal', status: 'up' },
      ],
    });
    expect((await api.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
  });

  it('is degraded without Neo4j and unavailable without an engine that everything needs, even one that hangs', async () => {
    expect(await ready([up('postgresql', true), up('neo4j', false)])).toMatchObject({
      status: 200,
      body: { status: 'ready' },
    });
    const [without, hanging] = await Promise.all([
      ready([up('postgresql', true), never('neo4j', false)]),
      ready([never('postgresql', true), never('temporal', true)]),
    ]);
    expect(without).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(hanging).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  });
});
