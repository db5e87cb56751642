import { recountFigures } from '../../../adapters/postgres/figures-recount';
import { newId } from '../../../adapters/postgres/ids';
import { type MikroORM, openOrm } from '../../../adapters/postgres/orm';
import { type Figure, keepingOut } from '../../../domain/figures';
import { actionStatuses, countedAs, runTypes } from '../../../domain/runs';
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
});

test('the database counts each status, type and kind of run as the domain does', async () => {
  const [settled, undone] = ['2026-03-01', '2026-03-02'];
  for (const runType of runTypes)
    for (const type of [...actionTypes, ...restoreTypes])
      for (const status of actionStatuses) {
        const counted = await rows.em.execute<{ figure: string; day: string; outcome: string; n: string }[]>(
          `select figure, day::text, outcome, n from action_figures(?, ?, ?, ?, ?, 3, 2, 1000) order by figure, n desc`,
          [runType, type, status, settled, status === 'undone' ? undone : null],
        );
        const outcome = countedAs[status] === 'pending' ? null : countedAs[status];
        const keeps = runType === 'enforce' && outcome === 'applied' && (keepingOut as string[]).includes(type);
        const kept = (figure: Figure, n: number) => [
          { figure, day: settled, outcome: '', n: String(n) },
          ...(status === 'undone' ? [{ figure, day: undone, outcome: '', n: String(-n) }] : []),
        ];
        expect(counted).toEqual([
          ...(outcome ? [{ figure: 'actions' satisfies Figure, day: settled, outcome, n: '3' }] : []),
          ...(keeps ? [...kept('items_kept_out', 3), ...kept('ms_kept_out', 1000), ...kept('timed_kept_out', 2)] : []),
        ]);
      }
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
    { figure: 'timed_kept_out', kind: 'unlike_track', outcome: '', n: '4' },
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

test('a day is the one by UTC', async () => {
  const days = await rows.em.execute(
    `select utc_day('2026-03-01T23:59:59.999Z')::text as late, utc_day('2026-03-02T01:00:00+02:00')::text as east, utc_day('2026-03-02T00:00:00Z')::text as early`,
  );
  expect(days).toEqual([{ late: '2026-03-01', east: '2026-03-01', early: '2026-03-02' }]);
});

test('two runs of one person that write their figures in two orders wait for one another in turn, not for ever', async () => {
  const userId = await person();
  const runs = await Promise.all(
    Array.from({ length: 2 }, async () => {
      const { id } = await rows.run(userId, await rows.connection(userId), { status: 'running' });
      await rows.actions(id, [{ status: 'pending' }, { status: 'applying' }]);
      return id;
    }),
  );
  const skip = `update actions set status = 'skipped' where run_id = ? and status = 'pending'`;
  const fail = `update actions set status = 'failed' where run_id = ? and status = 'applying'`;
  const writing = (first: string, second: string, runId: string, between: () => Promise<unknown>) =>
    orm.em.fork().transactional(async (tx) => {
      await tx.execute(first, [runId]);
      await between();
      await tx.execute(second, [runId]);
    });
  let other: Promise<unknown> = Promise.resolve();
  await writing(skip, fail, runs[0]!, async () => {
    other = writing(fail, skip, runs[1]!, () => Promise.resolve());
    other.catch(() => undefined);
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await sql(waits)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
  await other;
  expect(await figuresOf(userId)).toMatchObject([
    { figure: 'actions', outcome: 'failed', n: '2' },
    { figure: 'actions', outcome: 'skipped', n: '2' },
  ]);
});

describe('figures over all people', () => closingScenes(() => rows.em));
