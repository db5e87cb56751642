import { loadSequence, saveSequence } from '../../../adapters/postgres/playlist-sequences';
import { buryUris, sequenceFromLive } from '../../../domain/playlist-sequence';
import { itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
let runId: string;
let ids: string[];
let planId: string;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  const { rows } = harness;
  person = await harness.person();
  connectionId = await rows.connection(person.id);
  const run = await rows.run(person.id, connectionId);
  runId = run.id;
  ids = await rows.actions(runId, [
    { status: 'applied', uri: 'x', playlistId: 'mix' },
    { status: 'undone', uri: 'z', playlistId: 'mix' },
    { status: 'applied' },
    { status: 'failed' },
  ]);
  planId = await rows.plan(person.id, connectionId, { status: 'executed' });
  await rows.em.execute(`update runs set plan_id = ? where id = ?`, [planId, runId]);
  await rows.em.execute(`update plans set run_id = ? where id = ?`, [runId, planId]);
});
afterAll(() => harness.api.close());

const purge = (body?: unknown, path = runId) => person.send('DELETE', `enforcement/runs/${path}`, body);
const exists = async (id = runId) => (await person.get(`enforcement/runs/${id}`)).status === 200;
const keep = (holders: [string, string][]) => {
  const live = ['a', 'x', 'b', 'y'].map((uri) => ({ uri, addedAt: null, addedBy: null }));
  return saveSequence(harness.rows.em, connectionId, 'mix', {
    sequence: buryUris(sequenceFromLive(live), new Map(holders)),
    snapshotId: 's',
    pending: null,
  });
};

describe('purging a run', () => {
  it('asks first where something could still be undone, with how much', async () => {
    const answer = await purge();
    expect(outcome(answer)).toEqual([409, 'undo_would_be_lost']);
    expect(answer.body).toMatchObject({
      params: { runs: 1, actions: 2, confirm: true },
      action: { code: 'read_report', href: `/api/v1/enforcement/runs/${runId}/report` },
    });
    expect(outcome(await purge({ confirm: false }))).toEqual([409, 'undo_would_be_lost']);
    expect(await exists()).toBe(true);
  });

  it('takes the run, its journal and its plan away, and leaves numbers', async () => {
    expect((await purge({ confirm: true })).status).toBe(204);
    expect(await exists()).toBe(false);
    expect((await person.get(`enforcement/plans/${planId}`)).status).toBe(404);
    const [left] = await harness.rows.em.execute<Record<string, unknown>[]>(
      `select (select count(*)::int from actions where run_id = ?) as actions, (select count(*)::int from connection_locks where connection_id = ?) as locks,
         (select count(*)::int from jobs where subject_id = ?) as jobs, (select details from audit_entries where subject_id = ? and event = 'run.purged') as details`,
      [runId, connectionId, runId, runId],
    );
    expect(left).toMatchObject({
      actions: 0,
      locks: 0,
      jobs: 1,
      details: { runType: 'enforce', lostActions: 2, applied: 3, undone: 1, failed: 1, skipped: 0 },
    });
    expect(outcome(await purge({ confirm: true }))).toEqual([404, 'not_found']);
  });

  it('of which nothing can be undone needs no confirmation', async () => {
    await harness.rows.em.execute(`update actions set status = 'undone' where run_id = ? and status = 'applied'`, [
      runId,
    ]);
    expect((await purge()).status).toBe(204);
  });

  it('by a client that sends no body with a DELETE', async () => {
    expect((await purge(undefined, `${runId}?confirm=true`)).status).toBe(204);
  });

  it('takes its removed tracks out of the kept playlists, and no other run’s', async () => {
    const other = await harness.rows.run(person.id, connectionId);
    const [held] = await harness.rows.actions(other.id, [{ status: 'applied', uri: 'y', playlistId: 'mix' }]);
    await keep([
      ['x', ids[0]!],
      ['y', held!],
    ]);
    expect((await purge({ confirm: true })).status).toBe(204);
    const kept = await loadSequence(harness.rows.em, connectionId, 'mix');
    expect(kept?.sequence.map(({ uri, ghostOf }) => [uri, ghostOf])).toEqual([
      ['a', null],
      ['b', null],
      ['y', held],
    ]);
    expect(kept?.snapshotId).toBe('s');
    expect((await purge({ confirm: true }, other.id)).status).toBe(204);
    expect(await loadSequence(harness.rows.em, connectionId, 'mix')).toBeNull();
  });

  it('takes along a rollback that undid nothing else, and what another tells of it', async () => {
    const { rows } = harness;
    const second = await rows.run(person.id, connectionId);
    const [theirs] = await rows.actions(second.id, [{ status: 'undone' }]);
    const own = await rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: runId });
    const both = await rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: `${runId},${second.id}` });
    for (const [rollbackId, undoes] of [
      [own.id, [ids[0]]],
      [both.id, [ids[1], theirs]],
    ] as const) {
      const made = await rows.actions(
        rollbackId,
        undoes.map(() => ({ status: 'applied' })),
      );
      for (const [n, id] of made.entries())
        await rows.em.execute(`update actions set undoes_id = ? where id = ?`, [undoes[n], id]);
    }
    expect((await purge({ confirm: true })).status).toBe(204);
    expect(await exists(own.id)).toBe(false);
    expect((await person.get(`enforcement/runs/${both.id}`)).body).toMatchObject({ rollbackOf: [second.id] });
    expect(itemsOf(await person.get(`enforcement/runs/${both.id}/actions`))).toMatchObject([{ undoes: theirs }]);
  });

  it('of a rollback leaves the run that it undid', async () => {
    const own = await harness.rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: runId });
    expect((await purge({}, own.id)).status).toBe(204);
    expect((await person.get(`enforcement/runs/${runId}`)).body).toMatchObject({ undone: 'partly', rolledBackBy: [] });
  });

  it('that has not ended, or that is being rolled back, is refused', async () => {
    const open = await harness.rows.run(person.id, connectionId, { status: 'running' });
    expect(outcome(await purge({ confirm: true }, open.id))).toEqual([409, 'run_not_finished']);
    const rollback = await person.send('POST', `enforcement/runs/${runId}/rollback`, {});
    expect(rollback.status).toBe(202);
    const answer = await purge({ confirm: true });
    expect(outcome(answer)).toEqual([409, 'connection_busy']);
    expect(answer.body.resource).toMatchObject({ type: 'run', id: rollback.body.runId });
    expect(await exists()).toBe(true);
  });

  it('while it is asked to be rolled back happens after or instead, never in the middle', async () => {
    const [purged, undone] = await Promise.all([
      purge({ confirm: true }),
      person.send('POST', `enforcement/runs/${runId}/rollback`, {}),
    ]);
    expect([`${purged.status} ${undone.status}`]).toEqual([expect.stringMatching(/^(204 404|409 202)$/)]);
    expect(await exists()).toBe(purged.status === 409);
  });
});
