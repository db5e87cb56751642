import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { setStage, type Stage } from './signed-in';

let stage: Stage;
let id: string;
let token: string;
beforeAll(async () => {
  stage = await setStage();
  const person = await stage.system.connect('listener');
  id = person.connectionId;
  const em = stage.system.orm.em.fork();
  const expiresAt = new Date(Date.now() + 86_400_000);
  token = (await createPersonalToken(em, { userId: person.userId, name: 'test', scopes: ['read', 'write'], expiresAt }))
    .token;
});
afterAll(() => stage?.close());

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
