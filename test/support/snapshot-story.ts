import { taskQueues } from '../../adapters/temporal/task-queues';
import type { System } from './system';
import type { Told } from './whole-story';

/** The days so far are closed, and the last one is released to compare with. */
export async function snapshotStory({ client }: System): Promise<Told[]> {
  const workflowId = 'snapshot-of-the-story';
  await client.workflow.execute('snapshotAnalytics', { taskQueue: taskQueues.workflows, workflowId });
  return [{ name: 'snapshot-analytics', workflowId }];
}
