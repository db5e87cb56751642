import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
});
afterAll(() => harness.api.close());

describe('a run', () => {
  it('shows counts from its actions, its receipt, and how much was undone', async () => {
    const { rows } = harness;
    const { id, jobId } = await rows.run(person.id, connectionId);
    const ids = await rows.actions(id, [
      { status: 'applied' },
      { status: 'applied', playlistId: 'mix' },
      { status: 'skipped' },
      { status: 'failed' },
    ]);
    const read = async () => (await person.get(`enforcement/runs/${id}`)).body;
    expect(await read()).toMatchObject({
      jobId,
      status: 'completed',
      undone: 'none',
      counts: { included: 4, pending: 0, applied: 2, skipped: 1, failed: 1 },
      receipt: { untouched: 7, removed: 2, restored: 0, unexplained: 0 },
    });
    await rows.em.execute(`update actions set status = 'undone' where id = ?`, [ids[0]]);
    expect(await read()).toMatchObject({ undone: 'partly', counts: { applied: 2 } });
    await rows.em.execute(`update actions set status = 'undone' where id = ?`, [ids[1]]);
    expect(await read()).toMatchObject({ undone: 'fully', counts: { applied: 2 } });
    const rollback = await rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: id });
    expect(await read()).toMatchObject({ rolledBackBy: [rollback.id] });
    expect((await person.get(`enforcement/runs/${rollback.id}`)).body).toMatchObject({ rollbackOf: [id] });
  });

  it('that waits says for what and until when', async () => {
    const { id, jobId } = await harness.rows.run(person.id, connectionId, { status: 'waiting' });
    for (const [table, key] of [
      ['runs', id],
      ['jobs', jobId],
    ]) {
      await harness.rows.em.execute(
        `update ${table} set waiting_reason = 'rate_limited', waiting_until = '2030-01-01T00:00:00Z' where id = ?`,
        [key],
      );
    }
    const waiting = { reason: 'rate_limited', until: '2030-01-01T00:00:00.000Z' };
    expect((await person.get(`enforcement/runs/${id}`)).body).toMatchObject({ status: 'waiting', waiting });
    expect((await person.get(`jobs/${jobId}`)).body).toMatchObject({ status: 'waiting', waiting });
  });

  it('lists its actions page by page, by status where asked', async () => {
    const { id } = await harness.rows.run(person.id, connectionId);
    const ids = await harness.rows.actions(
      id,
      Array.from({ length: 7 }, (_, n) => ({ status: n % 2 ? ('failed' as const) : ('applied' as const) })),
    );
    const path = `enforcement/runs/${id}/actions`;
    expect((await allPages(person, path, 3)).map((action) => action.id)).toEqual(ids);
    const failed = await allPages(person, `${path}?status=failed`, 2);
    expect(failed.map((action) => action.id)).toEqual([ids[1], ids[3], ids[5]]);
    expect(outcome(await person.get(`${path}?status=odd`))).toEqual([400, 'invalid_request']);
  });

  it('is in the list of its person, newest first, by type where asked', async () => {
    const one = await harness.rows.run(person.id, connectionId);
    const two = await harness.rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: one.id });
    expect((await allPages(person, 'enforcement/runs', 1)).map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(itemsOf(await person.get('enforcement/runs?runType=rollback')).map(({ id }) => id)).toEqual([two.id]);
  });
});

describe('undoing', () => {
  let runId: string;
  let ids: string[];
  let artistId: string;
  beforeEach(async () => {
    artistId = await harness.rows.artist('Back Again');
    runId = (await harness.rows.run(person.id, connectionId)).id;
    ids = await harness.rows.actions(runId, [
      { status: 'applied', losses: ['date_added', 'position'] },
      { status: 'applied', losses: ['date_added'], playlistId: 'mix', artistId },
      { status: 'applied' },
      { status: 'skipped' },
      { status: 'undo_failed', losses: ['date_added'] },
      { status: 'undone' },
    ]);
  });
  const preview = (body: unknown = {}) => person.send('POST', `enforcement/runs/${runId}/rollback-preview`, body);
  const rollback = (body: unknown = {}) => person.send('POST', `enforcement/runs/${runId}/rollback`, body);

  it('is previewed: what comes back, and what is lost', async () => {
    const { body } = await preview();
    expect(body).toMatchObject({ total: 4, exact: 1, byLoss: { date_added: 3, position: 1 } });
    expect(body.items).toHaveLength(4);
    expect((body.items as unknown[])[0]).toMatchObject({ actionId: ids[0], actionType: 'relike_track' });
    expect((await preview({ actionIds: [ids[1], ids[3]] })).body).toMatchObject({ total: 1 });
    expect((await preview({ filter: { playlistId: 'mix' } })).body).toMatchObject({ total: 1, exact: 0 });
    expect((await preview({ filter: { artistId, itemType: 'liked_track' } })).body).toMatchObject({ total: 0 });
    expect(itemsOf(await person.get('enforcement/runs'))).toHaveLength(1);
  });

  it('writes a run of its own over the journal', async () => {
    const answer = await rollback();
    expect(answer.status).toBe(202);
    const undo = String(answer.body.runId);
    expect((await person.get(`enforcement/runs/${undo}`)).body).toMatchObject({
      runType: 'rollback',
      status: 'queued',
      planId: null,
      rollbackOf: [runId],
      counts: { included: 4, pending: 4 },
    });
    const actions = itemsOf(await person.get(`enforcement/runs/${undo}/actions`));
    expect(new Set(actions.map(({ undoes }) => undoes))).toEqual(new Set([ids[0], ids[1], ids[2], ids[4]]));
    const again = await rollback();
    expect(outcome(again)).toEqual([409, 'connection_busy']);
    expect(again.body.resource).toMatchObject({ type: 'run', id: undo });
  });

  it('many times at once makes one rollback', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => rollback()));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409]);
  });

  it('takes chosen actions only', async () => {
    const { runId: undo } = (await rollback({ actionIds: [ids[2]] })).body;
    expect((await person.get(`enforcement/runs/${String(undo)}`)).body.counts).toMatchObject({ included: 1 });
  });

  it('of actions that are another run’s is a 400, and nothing is begun', async () => {
    const other = await harness.rows.run(person.id, connectionId);
    const [foreign] = await harness.rows.actions(other.id, [{ status: 'applied' }]);
    for (const actionIds of [[ids[0], foreign], [unknownId]]) {
      expect(outcome(await rollback({ actionIds }))).toEqual([400, 'foreign_actions']);
      expect(outcome(await preview({ actionIds }))).toEqual([400, 'foreign_actions']);
    }
    expect(itemsOf(await person.get('enforcement/runs?runType=rollback'))).toEqual([]);
  });

  it.each([
    { actionIds: [] },
    { actionIds: ['x'] },
    { actionIds: [unknownId], filter: {} },
    { actionsIds: [unknownId] },
  ])('with a selection that is none (%j) is a 400, not everything', async (body) => {
    expect(outcome(await rollback(body))).toEqual([400, 'invalid_request']);
  });

  it('a run that has not ended is a 409', async () => {
    runId = (await harness.rows.run(person.id, connectionId, { status: 'running' })).id;
    const answer = await rollback();
    expect(outcome(answer)).toEqual([409, 'run_not_finished']);
    expect(answer.body.resource).toMatchObject({ type: 'run', id: runId });
    expect(outcome(await preview())).toEqual([409, 'run_not_finished']);
  });

  it('a rollback is a 400', async () => {
    runId = (await harness.rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: runId })).id;
    expect(outcome(await rollback())).toEqual([400, 'not_a_run_to_undo']);
    expect(outcome(await preview())).toEqual([400, 'not_a_run_to_undo']);
  });

  it('what is back already is a 409', async () => {
    expect(outcome(await rollback({ actionIds: [ids[3], ids[5]] }))).toEqual([409, 'nothing_to_undo']);
    expect(outcome(await rollback({ filter: { playlistId: 'none' } }))).toEqual([409, 'nothing_to_undo']);
  });

  it('through a connection that must be renewed is a 409', async () => {
    await harness.rows.em.execute(`update connections set health = 'needs_reconnect' where id = ?`, [connectionId]);
    expect(outcome(await rollback())).toEqual([409, 'connection_unusable']);
    expect((await preview()).status).toBe(200);
  });
});

describe('cancelling', () => {
  it('what has ended is a 409 with the run', async () => {
    const { id, jobId } = await harness.rows.run(person.id, connectionId);
    const answer = await person.send('POST', `enforcement/runs/${id}/cancel`, {});
    expect(outcome(answer)).toEqual([409, 'job_finished']);
    expect(answer.body.resource).toMatchObject({ type: 'run', id });
    expect(outcome(await person.send('POST', `jobs/${jobId}/cancel`, {}))).toEqual([409, 'job_finished']);
  });

  it('a run that no worker answers for is a 503 that can be tried again', async () => {
    const { id, jobId } = await harness.rows.run(person.id, connectionId, { status: 'running' });
    const answer = await person.send('POST', `enforcement/runs/${id}/cancel`, { rollback: true });
    expect(outcome(answer)).toEqual([503, 'service_unavailable']);
    expect(answer.body).toMatchObject({ retryable: true, retryAfter: 5 });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(outcome(await person.send('POST', `jobs/${jobId}/cancel`))).toEqual([503, 'service_unavailable']);
  });

  it('with something else than a choice is a 400', async () => {
    const { id } = await harness.rows.run(person.id, connectionId, { status: 'running' });
    const answer = await person.send('POST', `enforcement/runs/${id}/cancel`, { rollback: 'maybe' });
    expect(outcome(answer)).toEqual([400, 'invalid_request']);
  });
});

it('says what can be done where, to anyone', async () => {
  const answer = await harness.api.call('GET', '/api/v1/enforcement/capabilities');
  const items = itemsOf(answer);
  expect(items.filter(({ itemType }) => itemType === 'liked_track')).toMatchObject([
    { provider: 'spotify', dialect: 'development', canRemove: true, canRestore: true, exact: false },
    { provider: 'spotify', dialect: 'extended', canRemove: true, canRestore: true, exact: true },
    { provider: 'apple_music', dialect: null, canRemove: false, canRestore: false, exact: false },
  ]);
});

describe('trying again what failed', () => {
  const retry = (runId: string) => person.send('POST', `enforcement/runs/${runId}/retry-failed`);

  it('opens the same run again under a new job, and says what helps with each failure', async () => {
    const { id, jobId } = await harness.rows.run(person.id, connectionId, { status: 'partially_completed' });
    await harness.rows.actions(id, [{ status: 'applied' }, { status: 'failed' }, { status: 'failed' }]);
    const actions = itemsOf(await person.get(`enforcement/runs/${id}/actions?status=failed`));
    expect(actions.map(({ repair }) => repair)).toEqual(['retry', 'retry']);
    const answer = await retry(id);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ runId: id });
    expect((await person.get(`enforcement/runs/${id}`)).body).toMatchObject({
      status: 'queued',
      jobId: answer.body.jobId,
      finishedAt: null,
      counts: { applied: 1, pending: 2, failed: 0 },
    });
    expect((await person.get(`jobs/${String(answer.body.jobId)}`)).body).toMatchObject({ retryOf: jobId });
    expect(outcome(await retry(id))).toEqual([409, 'run_not_finished']);
  });

  it('is refused where nothing failed, where another run has the connection, and to others', async () => {
    const done = await harness.rows.run(person.id, connectionId);
    await harness.rows.actions(done.id, [{ status: 'applied' }]);
    expect(outcome(await retry(done.id))).toEqual([409, 'nothing_to_retry']);
    const failed = await harness.rows.run(person.id, connectionId, { status: 'failed' });
    await harness.rows.actions(failed.id, [{ status: 'failed' }]);
    const other = await harness.rows.run(person.id, connectionId, { status: 'running' });
    await harness.rows.em.execute(`insert into connection_locks (connection_id, run_id) values (?, ?)`, [
      connectionId,
      other.id,
    ]);
    expect(outcome(await retry(failed.id))).toEqual([409, 'connection_busy']);
    expect((await person.get(`enforcement/runs/${failed.id}`)).body).toMatchObject({ counts: { failed: 1 } });
    const stranger = await harness.person();
    expect(outcome(await stranger.send('POST', `enforcement/runs/${failed.id}/retry-failed`))).toEqual([
      404,
      'not_found',
    ]);
    expect(outcome(await retry(unknownId))).toEqual([404, 'not_found']);
  });
});
