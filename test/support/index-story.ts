import { newId } from '../../adapters/postgres/ids';
import { startFollowing } from '../../adapters/postgres/catalog-follow-start';
import { taskQueues } from '../../adapters/temporal/task-queues';
import type { System } from './system';
import type { Told } from './whole-story';

/** The index of artists is brought in step by the clock, and for an admin, who waits for somebody else's run first. */
export async function indexStory(system: System): Promise<Told[]> {
  const byTheClock = 'index-artists-of-the-story';
  await system.client.workflow.execute('indexArtists', {
    taskQueue: taskQueues.workflows,
    workflowId: byTheClock,
    args: [{ jobId: null, full: false }],
  });
  const em = system.orm.em.fork();
  const adminId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'An Admin')`, [adminId]);
  await em.execute(
    `update catalog_feeds set holder = ?, held_until = now() + interval '4 seconds' where reader = 'index'`,
    [newId()],
  );
  const { jobId, outboxId } = await em.transactional((tx) =>
    startFollowing(tx, 'index_artists', { userId: adminId, full: true, requestId: null }),
  );
  await system.dispatcher.start(outboxId ?? '');
  await system.jobEnd(jobId);
  return [
    { name: 'index-artists', workflowId: `index-artists:${jobId}` },
    { name: 'index-artists-by-the-clock', workflowId: byTheClock },
  ];
}
