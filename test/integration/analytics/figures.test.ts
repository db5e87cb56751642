import { recountFigures } from '../../../adapters/postgres/figures-recount';
import { newId } from '../../../adapters/postgres/ids';
import { type MikroORM, openOrm } from '../../../adapters/postgres/orm';
import { figures, keepingOut, outcomeCounted } from '../../../domain/figures';
import { actionStatuses, runTypes } from '../../../domain/runs';
import { actionTypes, restoreTypes } from '../../../domain/reversibility';
import { createTestDatabase, type TestDatabase } from '../../support/engines';
import { Rows } from '../api-enforcement/rows';
import { closingScenes } from './closing-scenes';

let database: TestDatabase;
let orm: MikroORM;
let rows: Rows;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm(database.url, { max: 4 });
  rows = new Rows(orm);
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

test('the database counts each status, type and kind of run as the domain does', async () => {
  const settled = '2026-03-01T23:59:59.999Z';
  const undone = '2026-03-02T00:00:00.000Z';
  for (const runType of runTypes)
    for (const type of [...actionTypes, ...restoreTypes])
      for (const status of actionStatuses) {
        const counted = await rows.em.execute<{ figure: string; day: string; outcome: string; n: string }[]>(
          `select figure, day::text, outcome, n from action_figures(?, ?, ?, ?, ?, 1000) order by figure, n desc`,
          [runType, type, status, settled, status === 'undone' ? undone : null],
        );
        const outcome = outcomeCounted[status];
        const keeps = runType === 'enforce' && outcome === 'applied' && (keepingOut as string[]).includes(type);
        const [first, second] = ['2026-03-01', '2026-03-02'];
        const kept = (figure: string, n: number) => [
          { figure, day: first, outcome: '', n: String(n) },
          ...(status === 'undone' ? [{ figure, day: second, outcome: '', n: String(-n) }] : []),
        ];
        expect(counted).toEqual([
          ...(outcome ? [{ figure: 'actions', day: first, outcome, n: '1' }] : []),
          ...(keeps ? [...kept('items_kept_out', 1), ...kept('ms_kept_out', 1000)] : []),
        ]);
      }
  expect(figures).toEqual(expect.arrayContaining(['actions', 'items_kept_out', 'ms_kept_out']));
});

const person = async () => {
  const id = newId();
  await rows.em.execute(`insert into users (id, display_name) values (?, 'x')`, [id]);
  return id;
};
const figuresOf = (userId: string) =>
  rows.em.execute<{ figure: string; kind: string; outcome: string; n: string }[]>(
    `select figure, kind, outcome, sum(n)::text as n from person_figures where user_id = ? group by 1, 2, 3 order by 1, 2, 3`,
    [userId],
  );
const sql = (text: string, bindings: string[] = []) => rows.em.execute(text, bindings);

test('whatever becomes of runs, their actions and blocks, the figures are those of a recount', async () => {
  const [one, other] = [await person(), await person()];
  const steps: string[] = [];
  const step = async (name: string, change: () => Promise<unknown>) => {
    await change();
    steps.push(name);
    expect({ after: steps, differences: await recountFigures(rows.em) }).toEqual({ after: steps, differences: [] });
  };
  const connectionId = await rows.connection(one);
  const left = await rows.connection(one);
  const { id: runId } = await rows.run(one, connectionId, { status: 'running' });
  const { id: lost } = await rows.run(one, left);
  await step('actions wait', () =>
    rows.actions(
      runId,
      Array.from({ length: 6 }, () => ({ status: 'pending' })),
    ),
  );
  await step('they are settled', () =>
    sql(
      `update actions set duration_ms = 60000 * seq, status = case when seq < 4 then 'applied' when seq = 4 then 'skipped' else 'failed' end where run_id = ?`,
      [runId],
    ),
  );
  await step('the run ends', () =>
    sql(`update runs set status = 'partially_completed', finished_at = now() where id = ?`, [runId]),
  );
  expect(await figuresOf(one)).toEqual([
    { figure: 'actions', kind: 'unlike_track', outcome: 'applied', n: '4' },
    { figure: 'actions', kind: 'unlike_track', outcome: 'failed', n: '1' },
    { figure: 'actions', kind: 'unlike_track', outcome: 'skipped', n: '1' },
    { figure: 'items_kept_out', kind: 'unlike_track', outcome: '', n: '4' },
    { figure: 'ms_kept_out', kind: 'unlike_track', outcome: '', n: '360000' },
    { figure: 'runs', kind: 'enforce', outcome: 'completed', n: '1' },
    { figure: 'runs', kind: 'enforce', outcome: 'partially_completed', n: '1' },
  ]);
  await step('what failed is tried again', () =>
    sql(
      `with run as (update runs set status = 'queued', finished_at = null where id = ? returning id)
         update actions set status = 'pending' from run where run_id = run.id and actions.status = 'failed'`,
      [runId],
    ),
  );
  await step('some were done long ago', () =>
    sql(`update actions set settled_at = '2026-02-28T23:59:59Z' where run_id = ? and seq < 2`, [runId]),
  );
  await step('some are undone', () =>
    sql(`update actions set status = 'undone' where run_id = ? and seq in (1, 2)`, [runId]),
  );
  await step('undoing another failed', () =>
    sql(`update actions set status = 'undo_failed' where run_id = ? and seq = 3`, [runId]),
  );
  await step('another run has actions of its own', () =>
    rows.actions(lost, [{ status: 'applied' }, { status: 'undone', playlistId: 'p' }]),
  );
  const artists = [await rows.artist('Nobody 1'), await rows.artist('Nobody 2'), await rows.artist('Nobody 3')];
  for (const [n, artistId] of artists.entries())
    await step(`block ${n}`, () =>
      sql(`insert into blocks (user_id, artist_id) values (?, ?)`, [n === 2 ? other : one, artistId]),
    );
  await step('a block has ended', () =>
    sql(`update blocks set ended_at = now() where user_id = ? and artist_id = ?`, [one, artists[0]!]),
  );
  await step('a note is changed', () => sql(`update blocks set note = 'x' where user_id = ?`, [one]));
  await step('all goes to somebody else', async () => {
    await sql(`update connections set user_id = ? where user_id = ?`, [other, one]);
    await sql(`update runs set user_id = ? where user_id = ?`, [other, one]);
    await sql(`update blocks set user_id = ? where user_id = ?`, [other, one]);
  });
  expect(await figuresOf(one)).toEqual([]);
  await step('single actions go', () => sql(`delete from actions where run_id = ? and seq in (0, 1)`, [runId]));
  await step('a run goes with its actions', () => sql(`delete from runs where id = ?`, [runId]));
  await step('a connection goes with its runs', () => sql(`delete from connections where id = ?`, [left]));
  expect(await figuresOf(other)).toEqual([{ figure: 'blocks', kind: '', outcome: '', n: '2' }]);
  const { id: last } = await rows.run(other, connectionId);
  await rows.actions(last, [{ status: 'applied' }]);
  await step('a person goes with everything', () => sql(`delete from users where id = ?`, [other]));
  expect(await figuresOf(other)).toEqual([]);
});

describe('figures over all people', () => closingScenes(() => rows.em));
