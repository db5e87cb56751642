import { createErasureActivities, createRevocationActivities } from '../../activities/erase-account';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { startErasure } from '../../adapters/postgres/erasure';
import { newId } from '../../adapters/postgres/ids';
import { startLibrarySync } from '../../adapters/postgres/library-sync-start';
import { oauthProviders } from '../../adapters/providers/oauth-exchange';
import { createVault } from '../../adapters/vault/vault';
import { type Person, startSystem, type System } from '../support/system';

// No worker runs here: whatever is started stays as it is, and each step is called by hand, twice or out of order.
let system: System;
let person: Person;
let jobId: string;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system?.close());

const rows = <T>(sql: string, values: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, values);
const steps = () => createErasureActivities({ orm: system.orm, client: system.client });
const nothing = { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 };

beforeEach(async () => {
  person = await system.connect('listener');
  ({ jobId } = await system.orm.em
    .fork()
    .transactional((tx) => startErasure(tx, { userId: person.userId, requestId: null })));
});
afterEach(() => rows(`delete from users where id = ?`, [person.userId]));

it('a provider that is away keeps its consent for another try, and what is settled is not asked for again', async () => {
  const vault = createVault(system.config.VAULT_KEYS);
  const identityId = newId();
  await rows(`insert into identities (id, user_id, provider, subject) values (?, ?, 'google', '1')`, [
    identityId,
    person.userId,
  ]);
  await createCredentialStore(system.orm, vault).save(
    system.orm.em.fork(),
    { id: identityId, type: 'identity', provider: 'google' },
    { accessToken: 'a-token-that-google-forgot', refreshToken: null, expiresInSeconds: 60 },
  );
  const { revokeGrants } = createRevocationActivities({
    orm: system.orm,
    vault,
    providers: oauthProviders(system.config),
  });
  const input = { userId: person.userId, jobId };
  await system.admin.fault({ service: 'google', route: '/revoke', status: 503 });
  expect(await revokeGrants(input)).toEqual({ ...nothing, unsupported: 1, failed: 1 });
  expect(await rows(`select owner_id from credentials`)).toEqual([{ owner_id: identityId }]);
  expect(await revokeGrants(input)).toEqual({ ...nothing, alreadyGone: 1 });
  expect(await revokeGrants(input)).toEqual(nothing);
});

it('work that was never started is closed, and its start forgotten', async () => {
  const { userId, connectionId } = person;
  await system.orm.em
    .fork()
    .transactional((tx) => startLibrarySync(tx, { userId, connectionId, provider: 'spotify', requestId: null }));
  expect(await steps().stopWork({ userId, jobId, force: false })).toEqual({ left: 0 });
  expect(await rows(`select status from jobs where type = 'library_sync' and user_id = ?`, [userId])).toEqual([
    { status: 'cancelled' },
  ]);
  expect(await rows(`select id from outbox where workflow_type = 'syncLibrary'`)).toEqual([]);
  expect(await steps().stopWork({ userId, jobId, force: true })).toEqual({ left: 0 });
});

it('erasing twice, or before anything was stopped, ends the same and is recorded once', async () => {
  const { userId, connectionId } = person;
  await system.orm.em
    .fork()
    .transactional((tx) => startLibrarySync(tx, { userId, connectionId, provider: 'spotify', requestId: null }));
  for (let time = 0; time < 2; time += 1) await steps().erasePerson({ userId, jobId, grants: nothing });
  expect(await steps().stopWork({ userId, jobId, force: false })).toEqual({ left: 0 });
  const [left] = await rows(
    `select (select count(*)::int from users where id = ?) as users, (select count(*)::int from outbox where search_attributes->>'userId' = ?) as outbox,
       (select count(*)::int from credentials where owner_id = ?) as credentials, (select count(*)::int from jobs where user_id = ?) as jobs,
       (select count(*)::int from audit_entries where event = 'user.erased' and actor_id = ?) as recorded`,
    [userId, userId, connectionId, userId, userId],
  );
  expect(left).toEqual({ users: 0, outbox: 0, credentials: 0, jobs: 0, recorded: 1 });
});
