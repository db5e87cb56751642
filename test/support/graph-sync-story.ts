import { newId } from '../../adapters/postgres/ids';
import { startFollowing } from '../../adapters/postgres/catalog-follow-start';
import { taskQueues } from '../../adapters/temporal/task-queues';
import type { System } from './system';
import type { Told } from './whole-story';

/**
 * The artist graph is synced by the clock, and where the system has one also for an admin, who wants it whole and waits for
 * somebody else's sync first.
 */
export async function graphSyncStory(system: System): Promise<Told[]> {
  const byTheClock = 'sync-graph-of-the-story';
  const tick = () =>
    system.client.workflow.execute('syncGraph', {
      taskQueue: taskQueues.workflows,
      workflowId: byTheClock,
      args: [{ jobId: null, full: false }],
    });
  if (!system.config.NEO4J_URI) {
    await tick();
    return [{ name: 'sync-graph-away', workflowId: byTheClock }];
  }
  const em = system.orm.em.fork();
  const adminId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'An Admin')`, [adminId]);
  await em.execute(
    `update catalog_feeds set holder = ?, held_until = now() + interval '4 seconds' where reader = 'graph'`,
    [newId()],
  );
  const { jobId, outboxId } = await em.transactional((tx) =>
    startFollowing(tx, 'sync_graph', { userId: adminId, full: true, requestId: null }),
  );
  await system.dispatcher.start(outboxId ?? '');
  await system.jobEnd(jobId);
  await em.execute(`update artists set disambiguation = 'of the story'`);
  await tick();
  return [
    { name: 'sync-graph', workflowId: `sync-graph:${jobId}` },
    { name: 'sync-graph-by-the-clock', workflowId: byTheClock },
  ];
}
