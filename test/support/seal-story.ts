import { audit } from '../../adapters/postgres/audit';
import { taskQueues } from '../../adapters/temporal/task-queues';
import type { System } from './system';
import type { Told } from './whole-story';

/** What the others of the story did is sealed by the clock, if only that this one began. */
export async function sealStory(system: System): Promise<Told[]> {
  await system.orm.em.fork().transactional((tx) => {
    audit(tx, { actorId: null, event: 'story.told', outcome: 'done' });
    return Promise.resolve();
  });
  const workflowId = 'seal-audit-of-the-story';
  await system.client.workflow.execute('sealAudit', { taskQueue: taskQueues.workflows, workflowId });
  return [{ name: 'seal-audit', workflowId }];
}
