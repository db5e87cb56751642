import { offerMerge } from '../../../adapters/postgres/account-merges';
import { createSession } from '../../../adapters/postgres/sessions';
import { newId } from '../../../adapters/postgres/ids';
import { outcome, startHarness, unknownId, type Caller, type Harness } from '../api-enforcement/harness';

let harness: Harness;
let mine: Caller;
let theirs: Caller;
let id: string;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.api.close());
beforeEach(async () => {
  [mine, theirs] = [await harness.person(), await harness.person()];
  id = await offer(mine, theirs);
});

const offer = (survivor: Caller, absorbed: Caller, flowId = newId()) =>
  harness.api.deps.orm.em
    .fork()
    .transactional((tx) => offerMerge(tx, { survivorId: survivor.id, absorbedId: absorbed.id, flowId }));
const query = <T = unknown>(sql: string, values: unknown[] = []): Promise<T[]> => harness.rows.em.execute(sql, values);
const confirm = (caller = mine, merge = id) => caller.send('POST', `me/merges/${merge}/confirm`, { confirm: true });
const audited = () =>
  query(
    `select actor_id, event, outcome, details->>'code' as code, details->>'reason' as reason from audit_entries
         where subject_id = ? order by id`,
    [id],
  );

test('one flow makes one offer, however often its step is repeated', async () => {
  const flowId = newId();
  expect(await offer(mine, theirs, flowId)).toBe(await offer(mine, theirs, flowId));
});

test('an offer tells what each side holds, to nobody but the survivor', async () => {
  const { rows } = harness;
  const connection = await rows.connection(theirs.id);
  await rows.plan(theirs.id, connection);
  await rows.run(theirs.id, connection);
  const artist = await rows.artist('Somebody');
  for (const caller of [mine, theirs])
    await query(`insert into blocks (user_id, artist_id) values (?, ?)`, [caller.id, artist]);
  const answer = await mine.get(`me/merges/${id}`);
  expect(answer.body).toMatchObject({
    id,
    status: 'offered',
    yours: { identities: 0, connections: 0, blocks: 1, plans: 0, runs: 0, tokens: 1 },
    theOther: { identities: 0, connections: 1, blocks: 1, plans: 1, runs: 1, tokens: 1 },
    undoUntil: null,
  });
  const stranger = await harness.person();
  for (const caller of [theirs, stranger]) {
    expect(outcome(await caller.get(`me/merges/${id}`))).toEqual([404, 'not_found']);
    expect(outcome(await confirm(caller))).toEqual([404, 'not_found']);
    expect(outcome(await caller.send('POST', `me/merges/${id}/undo`))).toEqual([404, 'not_found']);
  }
  expect(outcome(await mine.get(`me/merges/${unknownId}`))).toEqual([404, 'not_found']);
  expect(await query(`select status from account_merges where id = ?`, [id])).toEqual([{ status: 'offered' }]);
});

test('nothing happens without the explicit word', async () => {
  for (const body of [undefined, {}, { confirm: false }])
    expect(outcome(await mine.send('POST', `me/merges/${id}/confirm`, body))).toEqual([400, 'confirmation_required']);
});

test('an offer ends after a quarter of an hour', async () => {
  const [row] = await query<{ minutes: number }>(
    `select extract(epoch from expires_at - created_at)::int / 60 as minutes from account_merges where id = ?`,
    [id],
  );
  expect(row).toEqual({ minutes: 15 });
  await query(`update account_merges set expires_at = now() where id = ?`, [id]);
  expect(outcome(await mine.get(`me/merges/${id}`))).toEqual([409, 'merge_expired']);
  expect(outcome(await confirm())).toEqual([409, 'merge_expired']);
  expect(await audited()).toContainEqual({
    actor_id: mine.id,
    event: 'account_merge.confirm',
    outcome: 'denied',
    code: 'merge_expired',
    reason: null,
  });
});

test('clicked twice, at once or later, it is one job', async () => {
  const answers = [...(await Promise.all([confirm(), confirm()])), await confirm()];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map(({ body }) => body.jobId)).size).toBe(1);
  expect(await query(`select workflow_id, input from outbox where workflow_id = ?`, [`merge-accounts:${id}`])).toEqual([
    { workflow_id: `merge-accounts:${id}`, input: { mergeId: id } },
  ]);
  const job = await mine.get(`jobs/${String(answers[0]!.body.jobId)}`);
  expect(job.body).toMatchObject({
    type: 'merge_accounts',
    subject: { type: 'account_merge', id, href: `/api/v1/me/merges/${id}` },
  });
  expect(await audited()).toEqual([
    { actor_id: mine.id, event: 'account_merge.offered', outcome: 'done', code: null, reason: null },
    { actor_id: mine.id, event: 'account_merge.confirmed', outcome: 'done', code: null, reason: null },
  ]);
});

describe('it is not possible, and says why, and the denial is recorded', () => {
  afterEach(async () => {
    expect(await audited()).toContainEqual(
      expect.objectContaining({ event: 'account_merge.confirm', outcome: 'denied', code: 'merge_not_possible' }),
    );
  });
  const refused = async (params: Record<string, unknown>) => {
    const answer = await confirm();
    expect(outcome(answer)).toEqual([409, 'merge_not_possible']);
    expect(answer.body.params).toMatchObject(params);
  };

  test.each(['survivor', 'absorbed'])('while a run of the %s’s is active', async (side) => {
    const owner = side === 'survivor' ? mine.id : theirs.id;
    await harness.rows.run(owner, await harness.rows.connection(owner), { status: 'waiting' });
    await refused({ reason: 'work_in_progress', activeRuns: 1, plansPreparing: 0 });
  });

  test('while a plan is being prepared', async () => {
    await harness.rows.plan(theirs.id, await harness.rows.connection(theirs.id), { status: 'preparing' });
    await refused({ reason: 'work_in_progress', activeRuns: 0, plansPreparing: 1 });
  });

  test('when the other account is gone', async () => {
    await query(`delete from users where id = ?`, [theirs.id]);
    await refused({ reason: 'account_gone' });
  });

  test('while one of the two is being erased', async () => {
    await harness.rows.job(theirs.id, { type: 'erase_account', status: 'running', subjectType: 'user' });
    await refused({ reason: 'erasure_in_progress' });
  });

  test('while one of the two is suspended', async () => {
    await query(`insert into user_suspensions (id, user_id, reason, suspended_by) values (?, ?, 'Why', ?)`, [
      newId(),
      theirs.id,
      mine.id,
    ]);
    await refused({ reason: 'suspended' });
  });

  test('while one of the two is part of another merge', async () => {
    const third = await harness.person();
    await confirm(third, await offer(third, theirs));
    await refused({ reason: 'another_merge' });
  });
});

test('a merged person’s leftover session or token opens nothing', async () => {
  await query(`update users set merged_into = ? where id = ?`, [mine.id, theirs.id]);
  expect(outcome(await theirs.get('me'))).toEqual([401, 'unauthenticated']);
  const session = await createSession(harness.rows.em, {
    userId: theirs.id,
    userAgent: null,
    lifetime: harness.api.config,
  });
  const headers = { cookie: `dnp_session=${session.token}` };
  expect(outcome(await harness.api.call('GET', '/api/v1/me', { headers }))).toEqual([401, 'unauthenticated']);
  await query(`update users set merged_into = null where id = ?`, [theirs.id]);
  expect((await harness.api.call('GET', '/api/v1/me', { headers })).status).toBe(200);
});

test('two people who each want to take over the other: one of them does', async () => {
  const back = await offer(theirs, mine);
  const answers = await Promise.all([confirm(mine, id), confirm(theirs, back)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
});

test('what was not merged cannot be undone', async () => {
  const answer = await mine.send('POST', `me/merges/${id}/undo`);
  expect(outcome(answer)).toEqual([409, 'merge_not_possible']);
  expect(answer.body.params).toEqual({ reason: 'not_merged' });
});
