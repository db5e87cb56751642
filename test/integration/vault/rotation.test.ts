import { createVaultRotationActivities, type RotationPlace } from '../../../activities/vault-rotation';
import { createCredentialStore } from '../../../adapters/postgres/credentials';
import { newId } from '../../../adapters/postgres/ids';
import { openOrm, type MikroORM } from '../../../adapters/postgres/orm';
import { vaultReport } from '../../../adapters/postgres/vault-report';
import { startVaultRotation } from '../../../adapters/postgres/vault-rotation-start';
import { sealedColumns } from '../../../adapters/vault/sealed-columns';
import { createVault, type Vault } from '../../../adapters/vault/vault';
import { createTestDatabase, type TestDatabase } from '../../support/engines';
import {
  both,
  newKey,
  oldKey,
  onlyGone,
  onlyNew,
  onlyOld,
  sealedConnection,
  sealedFlow,
  sealedName,
} from './sealed-rows';

let database: TestDatabase;
let orm: MikroORM;
let adminId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm(database.url, { max: 10 });
});
afterAll(async () => {
  await orm?.close(true);
});
beforeEach(async () => {
  await sql(`delete from credentials`);
  await sql(`delete from oauth_transactions`);
  await sql(`delete from kept_names`);
  await sql(`delete from users`);
  adminId = newId();
  await sql(`insert into users (id, display_name) values (?, 'An Admin')`, [adminId]);
});

const sql = <T>(statement: string, values: unknown[] = []): Promise<T[]> =>
  orm.em.fork().execute<T[]>(statement, values);
const tokensOf = (id: string, vault: Vault) => createCredentialStore(orm, vault).read(id);

async function begin(): Promise<{ jobId: string; keyId: string }> {
  const { jobId } = await orm.em
    .fork()
    .transactional((tx) => startVaultRotation(tx, { userId: adminId, keyId: 'new', requestId: null }));
  return { jobId, keyId: 'new' };
}
const jobOf = async (jobId: string) =>
  (
    await sql<{ status: string; done: number; total: number }>(`select status, done, total from jobs where id = ?`, [
      jobId,
    ])
  )[0];

/** One pass over everything, as the workflow makes it. */
async function pass(input: { jobId: string; keyId: string }, vault: Vault) {
  const activities = createVaultRotationActivities({ orm, vault });
  const sum = { moved: 0, passedBy: 0 };
  let place: RotationPlace | null = null;
  do {
    const slice = await activities.rotateSlice({ ...input, place });
    sum.moved += slice.moved;
    sum.passedBy += slice.passedBy;
    place = slice.next;
  } while (place);
  return sum;
}

it('moves whatever is sealed, wherever it is, and nothing of it changes', async () => {
  const connections = [await sealedConnection(orm, onlyOld), await sealedConnection(orm, onlyNew)] as const;
  const flow = await sealedFlow(orm, onlyOld);
  const name = await sealedName(orm, onlyOld);
  const before = await sql(`select owner_id, version, access_expires_at, updated_at from credentials order by 1`);
  const job = await begin();
  const activities = createVaultRotationActivities({ orm, vault: both });
  await activities.beginVaultRotation(job);
  expect(await jobOf(job.jobId)).toEqual({ status: 'running', done: 0, total: 5 });

  expect(await pass(job, both)).toEqual({ moved: 5, passedBy: 0 });
  expect(await activities.finishVaultRotation({ ...job, failureCode: null })).toEqual({ left: 0 });
  expect(await jobOf(job.jobId)).toEqual({ status: 'completed', done: 5, total: 5 });

  for (const id of connections)
    expect(await tokensOf(id, onlyNew)).toEqual({
      accessToken: `access-${id}`,
      refreshToken: `refresh-${id}`,
      version: 1,
    });
  const [row] = await sql<{ flow_secrets: string; callback_secrets: string }>(
    `select flow_secrets, callback_secrets from oauth_transactions where id = ?`,
    [flow],
  );
  expect(await onlyNew.open(row?.flow_secrets ?? '', { sub: flow, use: 'flow' })).toBe(`flow-${flow}`);
  expect(await onlyNew.open(row?.callback_secrets ?? '', { sub: flow, use: 'callback' })).toBe(`callback-${flow}`);
  const [kept] = await sql<{ sealed: string }>(`select sealed from kept_names where id = ?`, [name]);
  expect(await onlyNew.open(kept?.sealed ?? '', { sub: name, use: 'name' })).toBe(`name-${name}`);
  expect(await sql(`select owner_id, version, access_expires_at, updated_at from credentials order by 1`)).toEqual(
    before,
  );
  expect(await sql(`select distinct key_id from credentials`)).toEqual([{ key_id: 'new' }]);
});

it('counts what each key still holds, and says which can go', async () => {
  await sealedConnection(orm, onlyOld);
  await sealedConnection(orm, onlyNew);
  await sealedName(orm, onlyGone);
  const held = (keyId: string, values: number, rest: object) => ({ keyId, values, newest: false, ...rest });
  const report = await vaultReport(orm.em.fork(), both);
  expect(report).toMatchObject({ newestKeyId: 'new', toRotate: 2, keyMissing: 1 });
  expect(report.keys).toEqual([
    held('new', 2, { newest: true, inRing: true, removable: false }),
    held('old', 2, { inRing: true, removable: false }),
    held('gone', 1, { inRing: false, removable: false }),
  ]);
  expect(report.columns.map(({ table, column, values }) => [table, column, values])).toEqual([
    ['credentials', 'access_token', 2],
    ['credentials', 'refresh_token', 2],
    ['oauth_transactions', 'flow_secrets', 0],
    ['oauth_transactions', 'callback_secrets', 0],
    ['oauth_transactions', 'raw_answer', 0],
    ['kept_names', 'sealed', 1],
    ...report.columns.slice(6).map(({ table, column }) => [table, column, 0]),
  ]);
  await pass(await begin(), both);
  expect((await vaultReport(orm.em.fork(), both)).keys).toContainEqual(
    held('old', 0, { inRing: true, removable: true }),
  );
});

it('tells two keys in one row apart: only the access token was renewed under the new one', async () => {
  const id = await sealedConnection(orm, onlyOld);
  await createCredentialStore(orm, both).replace(id, 1, {
    accessToken: 'renewed',
    refreshToken: null,
    expiresInSeconds: 60,
  });
  const { columns } = await vaultReport(orm.em.fork(), both);
  expect(columns[0]?.byKey).toEqual([{ keyId: 'new', values: 1 }]);
  expect(columns[1]?.byKey).toEqual([{ keyId: 'old', values: 1 }]);
  expect(await pass(await begin(), both)).toEqual({ moved: 1, passedBy: 0 });
  expect(await tokensOf(id, onlyNew)).toEqual({ accessToken: 'renewed', refreshToken: `refresh-${id}`, version: 2 });
});

it('leaves and counts what it cannot open: a key that is gone, a damaged value, one moved from another row', async () => {
  const gone = await sealedConnection(orm, onlyGone);
  const damaged = await sealedConnection(orm, onlyOld);
  const [from, to] = [await sealedConnection(orm, onlyOld), await sealedConnection(orm, onlyOld)];
  await sql(`update credentials set access_token = 'eyJ%%%', refresh_token = '.' where owner_id = ?`, [damaged]);
  await sql(
    `update credentials c set access_token = o.access_token from credentials o where c.owner_id = ? and o.owner_id = ?`,
    [to, from],
  );
  const untouched = () =>
    sql(`select access_token, refresh_token from credentials where owner_id in (?, ?) order by owner_id`, [
      gone,
      damaged,
    ]);
  const before = await untouched();
  const job = await begin();
  expect(await pass(job, both)).toEqual({ moved: 3, passedBy: 0 });
  const activities = createVaultRotationActivities({ orm, vault: both });
  expect(await activities.finishVaultRotation({ ...job, failureCode: null })).toEqual({ left: 5 });
  expect(await jobOf(job.jobId)).toMatchObject({ status: 'completed', done: 3, total: 3 });
  expect(await untouched()).toEqual(before);
  expect(await vaultReport(orm.em.fork(), both)).toMatchObject({ keyMissing: 4, toRotate: 1 });
  expect(await sql(`select code, params from job_milestones where job_id = ?`, [job.jobId])).toEqual([
    { code: 'vault_rotated', params: { keyId: 'new', moved: 3, left: 5 } },
  ]);
  expect(
    await sql(`select event, outcome, details from audit_entries where subject_id = ? order by id`, [job.jobId]),
  ).toEqual([
    { event: 'vault.rotation_started', outcome: 'done', details: { keyId: 'new', joined: false } },
    { event: 'vault.rotated', outcome: 'done', details: { keyId: 'new', moved: 3, left: 5 } },
  ]);
});

it('lets a renewal win that comes between reading and storing', async () => {
  const [raced, other] = [await sealedConnection(orm, onlyOld), await sealedConnection(orm, onlyOld)];
  const renewed = { accessToken: 'renewed', refreshToken: 'rotated', expiresInSeconds: 3600 };
  let renew = true;
  const racing: Vault = {
    ...both,
    async open(jwe, context) {
      const text = await both.open(jwe, context);
      if (renew && context.sub === raced) {
        renew = false;
        // By a process that does not seal with the new key yet.
        expect(await createCredentialStore(orm, createVault([oldKey, newKey])).replace(raced, 1, renewed)).toBe(true);
      }
      return text;
    },
  };
  const job = await begin();
  expect(await pass(job, racing)).toEqual({ moved: 3, passedBy: 1 });
  expect(await tokensOf(raced, both)).toEqual({ accessToken: 'renewed', refreshToken: 'rotated', version: 2 });
  expect(await pass(job, racing)).toEqual({ moved: 1, passedBy: 0 });
  expect(await tokensOf(raced, onlyNew)).toEqual({ accessToken: 'renewed', refreshToken: 'rotated', version: 2 });
  expect(await tokensOf(other, onlyNew)).toMatchObject({ accessToken: `access-${other}` });
});

it('never puts a credential back that was erased in between', async () => {
  const id = await sealedConnection(orm, onlyOld);
  const erasing: Vault = {
    ...both,
    async open(jwe, context) {
      const text = await both.open(jwe, context);
      await sql(`delete from credentials where owner_id = ?`, [id]);
      return text;
    },
  };
  expect(await pass(await begin(), erasing)).toEqual({ moved: 0, passedBy: 1 });
  expect(await sql(`select from credentials`)).toEqual([]);
});

it('passes by a row that somebody holds instead of waiting with others in its hands', async () => {
  const [held, free] = [await sealedConnection(orm, onlyOld), await sealedConnection(orm, onlyOld)];
  const job = await begin();
  await orm.em.fork().transactional(async (tx) => {
    await tx.execute(`select from credentials where owner_id = ? for update`, [held]);
    expect(await pass(job, both)).toEqual({ moved: 2, passedBy: 2 });
  });
  expect(await tokensOf(free, onlyNew)).toMatchObject({ accessToken: `access-${free}` });
  expect(await pass(job, both)).toEqual({ moved: 2, passedBy: 0 });
});

it('is not made by a process whose newest key is another one', async () => {
  const id = await sealedConnection(orm, onlyOld);
  const behind = createVaultRotationActivities({ orm, vault: createVault([oldKey, newKey]) });
  const job = await begin();
  await expect(behind.beginVaultRotation(job)).rejects.toMatchObject({
    type: 'vault_key_not_newest',
    nonRetryable: false,
  });
  await expect(behind.rotateSlice({ ...job, place: null })).rejects.toMatchObject({ type: 'vault_key_not_newest' });
  expect(await tokensOf(id, onlyOld)).toMatchObject({ version: 1 });
});

it('knows every text column that there is by its name', async () => {
  for (const { table, key, column, keyIdColumn } of sealedColumns) {
    const columns = await sql<{ column_name: string; data_type: string }>(
      `select column_name, data_type from information_schema.columns where table_name = ?`,
      [table],
    );
    expect(columns).toContainEqual({ column_name: key, data_type: 'uuid' });
    expect(columns).toContainEqual({ column_name: column, data_type: 'text' });
    if (keyIdColumn) expect(columns.map(({ column_name: name }) => name)).toContain(keyIdColumn);
  }
});
