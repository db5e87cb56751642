import { createWorkerMetrics } from '../../../workers/metrics';
import { setStage, type Stage } from '../api/signed-in';
import { newKey, oldKey, onlyGone, onlyNew, onlyOld, ringText, sealedConnection, sealedName } from './sealed-rows';

const metrics = createWorkerMetrics();
let stage: Stage;
let admin: string;
beforeAll(async () => {
  stage = await setStage({ VAULT_KEYS: ringText([newKey, oldKey]) }, { metrics });
  admin = (await stage.api.person({ roles: ['admin'], scopes: ['read', 'admin'] })).token;
}, 120_000);
afterAll(() => stage?.close());

const get = (path: string, token = admin) => stage.api.call('GET', `/api/v1/${path}`, { token });
const rotate = (token = admin) => stage.api.call('POST', '/api/v1/admin/vault/rotate', { token });
const rotated = async () => {
  const { status, body, headers } = await rotate();
  expect(status).toBe(202);
  expect(headers.get('location')).toBe(`/api/v1/jobs/${String(body.jobId)}`);
  const end = await stage.system.jobEnd(String(body.jobId));
  expect(end).toMatchObject({ status: 'completed', failure_code: null });
  return String(body.jobId);
};

it('moves what is under the old key, shows how far it is, and says that the old key can go', async () => {
  for (let n = 0; n < 3; n += 1) await sealedConnection(stage.system.orm, onlyOld);
  await sealedConnection(stage.system.orm, onlyGone);
  await sealedName(stage.system.orm, onlyOld);
  expect((await get('admin/vault')).body).toMatchObject({
    newestKeyId: 'new',
    toRotate: 7,
    keyMissing: 2,
    rotation: null,
  });

  const jobId = await rotated();
  const { body } = await get('admin/vault');
  expect(body).toMatchObject({ toRotate: 0, keyMissing: 2 });
  expect(body.rotation).toMatchObject({ jobId, status: 'completed', progress: { done: 7, total: 7 }, failure: null });
  expect(body.keys).toContainEqual({ keyId: 'old', inRing: true, newest: false, values: 0, removable: true });
  expect(body.keys).toContainEqual({ keyId: 'gone', inRing: false, newest: false, values: 2, removable: false });
  expect((await get(`jobs/${jobId}`)).body).toMatchObject({
    type: 'rotate_vault_keys',
    status: 'completed',
    percent: 100,
    progress: { done: 7, total: 7 },
    subject: { type: 'vault', href: '/api/v1/admin/vault' },
  });
});

it('can be asked for again at once, and then has nothing to do', async () => {
  const first = await rotated();
  const second = await rotated();
  expect(second).not.toBe(first);
  expect((await get('admin/vault')).body.rotation).toMatchObject({ jobId: second, progress: { done: 0, total: 0 } });
});

it('is one rotation, however many ask while it is under way', async () => {
  for (let n = 0; n < 20; n += 1) await sealedConnection(stage.system.orm, onlyOld);
  const answers = await Promise.all(Array.from({ length: 5 }, () => rotate()));
  const open = new Set(answers.map(({ body }) => String(body.jobId)));
  // Later requests may come when the first one's job has ended.
  for (const jobId of open) expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
  const jobs = await stage.rows<{ id: string }>(
    `select id from jobs where type = 'rotate_vault_keys' and finished_at is null`,
  );
  expect(jobs).toEqual([]);
  expect((await get('admin/vault')).body).toMatchObject({ toRotate: 0 });
});

it('is for admins with the scope for it, and on record', async () => {
  const moderator = (await stage.api.person({ roles: ['moderator'], scopes: ['read', 'write'] })).token;
  const reading = (await stage.api.person({ roles: ['admin'], scopes: ['read'] })).token;
  for (const token of [moderator, reading]) {
    expect((await rotate(token)).status).toBe(403);
    expect((await get('admin/vault', token)).status).toBe(403);
  }
  const events = await stage.rows<{ event: string }>(
    `select distinct event from audit_entries where event like 'vault.%' order by 1`,
  );
  expect(events.map(({ event }) => event)).toEqual(['vault.rotated', 'vault.rotation_started']);
});

it('shows no key and nothing sealed', async () => {
  await sealedConnection(stage.system.orm, onlyNew);
  const { text } = await get('admin/vault');
  expect(text).not.toContain('eyJ');
  for (const { key } of [newKey, oldKey])
    for (const encoding of ['base64url', 'base64', 'hex'] as const)
      expect(text).not.toContain(Buffer.from(key).toString(encoding));
});

it('counts what it could not open while it was at it', async () => {
  const text = await metrics.registry.metrics();
  for (const use of ['access', 'refresh'])
    expect(text).toMatch(new RegExp(`^dnp_vault_decrypt_failures_total\\{use="${use}"\\} [1-9]`, 'm'));
});
