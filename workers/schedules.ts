import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { taskQueues } from '../adapters/temporal/task-queues';

/** Makes sure that what runs by the clock is scheduled; several workers may do this at once. */
export async function ensureSchedules(client: Client): Promise<void> {
  await ensureSchedule(client, { id: 'sweep', workflowType: 'sweep', every: '1 minute', jitter: '5s' });
  await ensureSchedule(client, { id: 'expire-blocks', workflowType: 'expireBlocks', every: '1 minute', jitter: '10s' });
  await ensureSchedule(client, {
    id: 'tell-of-withdrawals',
    workflowType: 'tellOfWithdrawals',
    every: '1 minute',
    jitter: '10s',
  });
  await ensureSchedule(client, { id: 'seal-audit', workflowType: 'sealAudit', every: '1 minute', jitter: '10s' });
  await ensureSchedule(client, {
    id: 'scheduled-enforcement',
    workflowType: 'scheduledEnforcement',
    every: '1 minute',
    jitter: '10s',
  });
  await ensureSchedule(client, {
    id: 'maintain-connections',
    workflowType: 'maintainConnections',
    every: '5 minutes',
    jitter: '1 minute',
  });
  await ensureSchedule(client, {
    id: 'sync-graph',
    workflowType: 'syncGraph',
    every: '1 minute',
    jitter: '10s',
    input: { jobId: null, full: false },
  });
  await ensureSchedule(client, {
    id: 'index-artists',
    workflowType: 'indexArtists',
    every: '1 minute',
    jitter: '10s',
    input: { jobId: null, full: false },
  });
}

type Duration = NonNullable<Parameters<Client['schedule']['create']>[0]['spec']['jitter']>;

/** One at a time: a run that takes longer than its distance lets the next one pass. */
async function ensureSchedule(
  client: Client,
  {
    id,
    workflowType,
    every,
    jitter,
    input,
  }: { id: string; workflowType: string; every: Duration; jitter: Duration; input?: Record<string, unknown> },
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: { intervals: [{ every }], jitter },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: {
        type: 'startWorkflow',
        workflowType,
        workflowId: id,
        taskQueue: taskQueues.workflows,
        args: input ? [input] : [],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
