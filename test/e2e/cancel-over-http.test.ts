import { createCredentialAccess } from '../../adapters/postgres/credential-access';
import { createPersonalToken } from '../../adapters/postgres/personal-tokens';
import { createProviderGate } from '../../adapters/postgres/provider-gate';
import { createSpotifyArtistSource } from '../../adapters/providers/spotify/artist-source';
import { createSpotifyClient } from '../../adapters/providers/spotify/client';
import { createJoinRefresh } from '../../adapters/temporal/join-refresh';
import { createVault } from '../../adapters/vault/vault';
import { type ApiUnderTest, startApi } from '../integration/api/api-under-test';
import { openStage, type Stage } from '../support/stage';
import { startSystem } from '../support/system';

let stage: Stage;
let api: ApiUnderTest;
let token: string;
let stopWorkers: () => Promise<void>;
beforeAll(async () => {
  const system = await startSystem();
  stopWorkers = await system.startWorkers();
  stage = await openStage(system);
  const access = createCredentialAccess({
    orm: system.orm,
    vault: createVault(system.config.VAULT_KEYS),
    joinRefresh: createJoinRefresh(system.client),
  });
  const spotify = createSpotifyClient({
    apiUrl: system.config.spotify?.apiUrl ?? '',
    gate: createProviderGate(system.orm, { callsPerSecond: 1000 }),
    timeoutSeconds: 10,
  });
  const overrides = { artistSources: { spotify: createSpotifyArtistSource({ access, spotify }) } };
  api = await startApi({ environment: system.environment, overrides });
  const made = await createPersonalToken(system.orm.em.fork(), {
    userId: stage.person.userId,
    name: 'test',
    scopes: ['read', 'write'],
    expiresAt: new Date(Date.now() + 86_400_000),
  });
  token = made.token;
}, 120_000);
afterAll(async () => {
  await api?.close();
  await stage?.system.close();
});

const call = (method: string, path: string, body?: unknown) => api.call(method, `/api/v1/${path}`, { token, body });
const limit = (skip: number) =>
  stage.system.admin.fault({
    service: 'spotify',
    method: 'DELETE',
    route: '/me/library',
    skip,
    status: 429,
    retryAfter: 600,
  });

/** A run that has done something and now waits for ten minutes. */
async function waitingRun(): Promise<{ runId: string; jobId: string }> {
  const { plan } = await stage.scene();
  await limit(1);
  const run = await stage.person.execute(plan.id);
  await stage.until(`select id from jobs where id = ? and status = 'waiting'`, [run.jobId]);
  return run;
}

test('cancelling a run that waits ends the wait at once, and what was done is undone where that is asked for', async () => {
  const run = await waitingRun();
  // Spotify takes calls again, which the sleeping run cannot know.
  await stage.system.admin.clearFaults();
  await stage.system.orm.em.fork().execute(`delete from provider_gates`);
  const answer = await call('POST', `jobs/${run.jobId}/cancel`, { rollback: true });
  expect(answer).toMatchObject({ status: 202, body: { jobId: run.jobId } });
  await stage.system.jobEnd(run.jobId);
  const ended = (await call('GET', `enforcement/runs/${run.runId}`)).body;
  expect(ended).toMatchObject({ status: 'cancelled', waiting: null, counts: { pending: 0 } });
  const late = await call('POST', `enforcement/runs/${run.runId}/cancel`, {});
  expect(late).toMatchObject({ status: 409, body: { code: 'job_finished', resource: { id: run.runId } } });
  const [undo] = ended.rolledBackBy as string[];
  await stage.until(`select id from runs where id = ? and finished_at is not null`, [undo]);
  expect((await call('GET', `enforcement/runs/${run.runId}`)).body.undone).toBe('fully');
}, 120_000);

test('a token that Spotify no longer takes is renewed while somebody searches', async () => {
  await stage.scene();
  await stage.system.admin.expireTokens(stage.user);
  const artist = stage.catalog.at(-1)!.artists[0]!;
  const answer = await call('GET', `artists?query=${encodeURIComponent(artist.name)}`);
  expect(answer.body).toMatchObject({ providerSearched: true });
  expect(JSON.stringify(answer.body.items)).toContain(artist.id);
}, 120_000);

test('with all workers gone, pages answer and a cancel says that it cannot be taken now', async () => {
  const run = await waitingRun();
  await stopWorkers();
  expect((await call('GET', `jobs/${run.jobId}`)).body).toMatchObject({
    status: 'waiting',
    waiting: { reason: 'rate_limited' },
  });
  const answer = await call('POST', `enforcement/runs/${run.runId}/cancel`, {});
  expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable', retryable: true } });
}, 120_000);
