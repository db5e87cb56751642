import { saveSchedule, type ScheduleChoice } from '../../adapters/postgres/connection-schedules';
import { shapeOf } from '../support/sandbox-admin';
import { onlyOwn } from '../support/small-library';
import { openStage, type Stage } from '../support/stage';
import { startSystem } from '../support/system';

let stage: Stage;
beforeAll(async () => {
  const system = await startSystem({ environment: { UNATTENDED_CAP_ITEMS: '20', UNATTENDED_CAP_PERCENT: '0' } });
  await system.startWorkers();
  stage = await openStage(system);
}, 120_000);
afterAll(() => stage?.system.close());

const sql = <T>(statement: string, values: unknown[] = []) =>
  stage.system.orm.em.fork().execute<T[]>(statement, values);

test('the end of a temporary block brings back what it took out, once', async () => {
  const { person, system } = stage;
  const { small, plan } = await stage.scene();
  const { runId } = await stage.enforce(plan);
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
  await system.orm.em
    .fork()
    .execute(`update blocks set expires_at = now(), on_expiry = 'restore' where user_id = ?`, [person.userId]);
  const expire = () =>
    system.client.workflow.execute('expireBlocks', { taskQueue: 'workflows', workflowId: 'expiry-of-the-test' });
  expect(await expire()).toMatchObject({ started: 1 });
  const { id } = await stage.until<{ id: string }>(
    `select id from runs where ? = any(rollback_of) and started_by = 'expiry' and finished_at is not null`,
    [runId],
  );
  expect(await person.run(id)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  expect(await expire()).toEqual({ ended: 0, started: 0 });
}, 180_000);

/** Switches the schedule on, and lets its turn come. */
async function switchOn(mode: ScheduleChoice['mode']): Promise<void> {
  const { connectionId } = stage.person;
  const choice = { mode, weekday: 'monday', hour: 3, timeZone: 'UTC', preset: 'standard', switches: {} } as const;
  await stage.system.orm.em.fork().transactional((tx) => saveSchedule(tx, connectionId, choice, undefined));
  await sql(`update connection_schedules set next_due_at = now() - interval '20 days' where connection_id = ?`, [
    connectionId,
  ]);
}

/** Has the turns taken that have come, and waits for the end of the person's; none where nothing had come. */
async function turn(): Promise<{ status: string; reason: string | null; run_id: string | null; plan_id: string }> {
  const scheduled = () =>
    stage.system.client.workflow.execute('scheduledEnforcement', {
      taskQueue: 'workflows',
      workflowId: 'schedule-of-the-test',
    });
  expect(await scheduled()).toEqual({ started: 1 });
  // Weeks that were missed are done once.
  expect(await scheduled()).toEqual({ started: 0 });
  return stage.until(
    `select status, reason, run_id, plan_id from scheduled_enforcements where connection_id = ? and finished_at is not null
     and due_at = (select max(due_at) from scheduled_enforcements)`,
    [stage.person.connectionId],
  );
}

test('a week’s turn takes out what is blocked, and leaves alone what its person brought back until they change the block', async () => {
  const { person } = stage;
  const { small, plan } = await stage.scene(onlyOwn);
  await sql(`delete from plans where id = ?`, [plan.id]);
  // Blocked anew, where an earlier story let the block end.
  await sql(`update blocks set expires_at = null, ended_at = null, updated_at = now() where user_id = ?`, [
    person.userId,
  ]);
  await switchOn('apply');
  const first = await turn();
  expect(first).toMatchObject({ status: 'applied', reason: null });
  await stage.until(`select id from runs where id = ? and finished_at is not null`, [first.run_id]);
  expect(await person.run(first.run_id!)).toMatchObject({ status: 'completed', startedBy: 'schedule' });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));

  await stage.undo(first.run_id!);
  await switchOn('apply');
  expect(await turn()).toMatchObject({ status: 'nothing', run_id: null });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));

  await sql(`update blocks set updated_at = now() where user_id = ?`, [person.userId]);
  await switchOn('notify');
  expect(await turn()).toMatchObject({ status: 'notified', reason: 'asked_to_notify', run_id: null });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  const [told] = await sql<{ params: { items: number } }>(
    `select params from notifications where user_id = ? and type = 'schedule.plan_ready'`,
    [person.userId],
  );
  expect(told?.params).toMatchObject({ reason: 'asked_to_notify', connectionId: person.connectionId });
  expect(told?.params.items).toBeGreaterThan(0);
}, 180_000);
