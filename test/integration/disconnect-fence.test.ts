import { createDisconnectActivities } from '../../activities/disconnect';
import { openSpotifySession } from '../../activities/spotify-session';
import { createCredentialAccess } from '../../adapters/postgres/credential-access';
import { changeHealth } from '../../adapters/postgres/connection-health';
import { lockConnection } from '../../adapters/postgres/connection-locks';
import { requireEpoch } from '../../adapters/postgres/run-state';
import { openGeneration, publishGeneration } from '../../adapters/postgres/library-generations';
import { newId } from '../../adapters/postgres/ids';
import { startLibrarySync } from '../../adapters/postgres/library-sync-start';
import { startPlan } from '../../adapters/postgres/plan-start';
import { acquireSyncLease } from '../../adapters/postgres/sync-lease';
import { createSpotifyClient } from '../../adapters/providers/spotify/client';
import { createVault } from '../../adapters/vault/vault';
import { takeAway } from '../support/disconnect-story';
import { type Person, startSystem, type System } from '../support/system';

// No worker runs here: whatever was under way at the moment of the disconnect is played by hand.
let system: System;
let person: Person;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system?.close());
beforeEach(async () => {
  person = await system.connect('listener');
});
afterEach(() => system.orm.em.fork().execute(`delete from users where id = ?`, [person.userId]));

const em = () => system.orm.em.fork();
const steps = () => createDisconnectActivities({ orm: system.orm, client: system.client });

it('a write that stood in the gate’s queue meanwhile is not sent', async () => {
  const access = createCredentialAccess({
    orm: system.orm,
    vault: createVault(system.config.VAULT_KEYS),
    joinRefresh: () => Promise.reject(new Error('not here')),
  });
  let queued = async () => {};
  const client = createSpotifyClient({
    apiUrl: system.config.spotify?.apiUrl ?? '',
    gate: {
      take: () => queued(),
      reportRateLimited: () => Promise.resolve(),
      reportSuccess: () => Promise.resolve(),
      state: () => Promise.reject(new Error('not here')),
    },
    timeoutSeconds: 5,
  });
  const run = { connectionId: person.connectionId, epoch: 1 };
  const session = openSpotifySession({ client, access }, person.connectionId, {
    epoch: 1,
    beforeWrite: () => requireEpoch(em(), run),
  });
  const [liked] = (await session.call((spotify, auth) => spotify.likedTracks(auth, { offset: 0, limit: 1 }))).items;
  const uri = liked?.track.uri ?? '';
  queued = async () => void (await takeAway(system, person));
  await expect(session.call((spotify, auth) => spotify.removeFromLibrary(auth, [uri]))).rejects.toMatchObject({
    failure: 'forbidden',
    details: { code: 'connection_disconnected' },
  });
  const library = await system.admin.library('listener');
  expect(library.likes.map(({ trackId }) => `spotify:track:${trackId}`)).toContain(uri);
});

it('a library that was read before is not published any more, and nobody may read it again', async () => {
  const jobId = newId();
  expect(await acquireSyncLease(em(), person.connectionId, jobId)).toBe(true);
  const generation = await openGeneration(em(), person.connectionId, jobId);
  await takeAway(system, person);
  expect(await publishGeneration(em(), person.connectionId, generation.id)).toBe(false);
  expect(await acquireSyncLease(em(), person.connectionId, jobId)).toBe(false);
});

it('nothing new can be begun on it, and its health changes no more', async () => {
  const { userId, connectionId } = person;
  await takeAway(system, person);
  const plan = { userId, connectionId, preset: 'standard', switches: {}, onFailure: 'keep', requestId: null };
  await expect(em().transactional((tx) => startPlan(tx, plan))).rejects.toMatchObject({ code: 'not_found' });
  await expect(em().transactional((tx) => lockConnection(tx, connectionId, newId()))).rejects.toMatchObject({
    code: 'not_found',
  });
  const report = { connectionId, finding: { fault: 'provider_unavailable' } } as const;
  expect(await em().transactional((tx) => changeHealth(tx, report))).toBeNull();
});

it('each step done twice, or out of order, ends the same and is recorded once', async () => {
  const { userId, connectionId } = person;
  const sync = { userId, connectionId, provider: 'spotify', requestId: null };
  await em().transactional((tx) => startLibrarySync(tx, sync));
  const { jobId } = await takeAway(system, person);
  const input = { connectionId, jobId };
  for (let time = 0; time < 2; time += 1) await steps().eraseConnection(input);
  expect(await steps().endConnectionWork({ ...input, force: false })).toEqual({ left: 0 });
  const [left] = await em().execute(
    `select (select count(*)::int from connections where id = ?) as connections,
       (select count(*)::int from jobs where user_id = ? and finished_at is null) as open,
       (select status from jobs where id = ?) as ended,
       (select count(*)::int from outbox where workflow_type = 'syncLibrary') as starts,
       (select count(*)::int from audit_entries where event = 'connection.deleted' and subject_id = ?) as recorded`,
    [connectionId, userId, jobId, connectionId],
  );
  expect(left).toEqual({ connections: 0, open: 0, ended: 'completed', starts: 0, recorded: 1 });
});
