import { parseCsv } from '../../../dev/sandbox/catalog/csv';
import { outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let runId: string;
let undoId: string;
beforeAll(async () => {
  harness = await startHarness();
  person = await harness.person();
  const { rows } = harness;
  const connectionId = await rows.connection(person.id);
  await rows.library(connectionId, {
    tracks: [],
    likes: [],
    playlists: [{ id: 'mix', name: '-mix', ownerId: 'me', tracks: [] }],
  });
  const artistId = await rows.artist('=Somebody, "live"');
  runId = (await rows.run(person.id, connectionId)).id;
  const ids = await rows.actions(runId, [
    ...Array.from({ length: 600 }, () => ({ status: 'applied' as const, losses: ['date_added'], artistId })),
    { status: 'undone', playlistId: 'mix' },
    { status: 'skipped', losses: ['position'] },
    { status: 'failed', losses: ['position'] },
  ]);
  await rows.em.execute(
    `update actions set outcome_code = case status when 'failed' then 'forbidden' when 'skipped' then 'already_absent' else 'removed' end, name = '+1' where run_id = ?`,
    [runId],
  );
  undoId = (await rows.run(person.id, connectionId, { runType: 'rollback', rollbackOf: runId })).id;
  await rows.actions(undoId, [
    { status: 'applied', playlistId: 'mix', losses: ['date_added'] },
    { status: 'failed', losses: ['not_restorable'] },
  ]);
  await rows.em.execute(`update actions set approximate = true, undoes_id = ? where run_id = ? and seq = 0`, [
    ids[600],
    undoId,
  ]);
});
afterAll(() => harness.api.close());

const address = (id: string, format: string) => `enforcement/runs/${id}/report?format=${format}`;

describe('the report of a run', () => {
  it('in JSON tells the run, the totals, and every action by name', async () => {
    const answer = await person.get(address(runId, 'json'));
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="do-not-play-enforce-[\d-]+\.json"$/,
    );
    expect(answer.body).toMatchObject({
      format: 'do-not-play/run-report',
      run: { id: runId, runType: 'enforce', undone: 'partly' },
      totals: {
        byOutcome: [
          { status: 'applied', outcomeCode: 'removed', count: 600 },
          { status: 'failed', outcomeCode: 'forbidden', count: 1 },
          { status: 'skipped', outcomeCode: 'already_absent', count: 1 },
          { status: 'undone', outcomeCode: 'removed', count: 1 },
        ],
        byLoss: { date_added: 600 },
        exact: 1,
        approximate: 0,
      },
    });
    const actions = answer.body.actions as Record<string, unknown>[];
    expect(actions).toHaveLength(603);
    expect(actions[599]).toMatchObject({ name: '+1', artists: ['=Somebody, "live"'], losses: ['date_added'] });
    expect(actions[600]).toMatchObject({ playlist: { id: 'mix', name: '-mix' }, losses: [] });
    expect(actions[601]).toMatchObject({ status: 'skipped', losses: [] });
    expect(actions[602]).toMatchObject({ status: 'failed', repair: 'reconnect', losses: [] });
  });

  it('in CSV has the same, and nothing that a spreadsheet would run', async () => {
    const answer = await person.get(address(runId, 'csv'));
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header, ...lines] = parseCsv(answer.text);
    expect(header).toHaveLength(15);
    expect(lines.filter(([kind]) => kind === 'action')).toHaveLength(603);
    expect(lines[0]?.slice(3, 5)).toEqual([`'+1`, `'=Somebody, "live"`]);
    expect(lines.filter(([kind]) => kind !== 'action').map((line) => line.filter((cell) => cell !== ''))).toEqual([
      ['outcome_total', 'applied', 'removed', '600'],
      ['outcome_total', 'failed', 'forbidden', '1'],
      ['outcome_total', 'skipped', 'already_absent', '1'],
      ['outcome_total', 'undone', 'removed', '1'],
      ['loss_total', 'date_added', '600'],
    ]);
    for (const line of lines) expect(line).toHaveLength(15);
    for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+@\t\r]|^-\D/);
  });

  it('of a rollback tells what did not come back, and which places are guessed', async () => {
    const { body } = await person.get(address(undoId, 'json'));
    expect(body.totals).toMatchObject({
      byLoss: { date_added: 1, not_restorable: 1 },
      exact: 0,
      approximate: 1,
    });
    expect((body.actions as unknown[])[0]).toMatchObject({ approximate: true, playlist: { name: '-mix' } });
  });

  it('of somebody else, of nobody, or in an unknown format, is not given', async () => {
    const stranger = await harness.person();
    expect(outcome(await stranger.get(address(runId, 'json')))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(address(unknownId, 'csv')))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(address(runId, 'xml')))).toEqual([400, 'invalid_request']);
  });
});
