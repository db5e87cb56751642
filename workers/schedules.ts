import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { taskQueues } from '../adapters/temporal/task-queues';
import { type Schedule, schedules } from '../domain/schedules';

/** Makes sure that what runs by the clock is scheduled; several workers may do this at once. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const schedule of schedules) await ensureSchedule(client, schedule);
}

/** One at a time: a run that takes longer than its distance lets the next one pass. */
async function ensureSchedule(
  client: Client,
  { id, workflowType, everySeconds, offsetSeconds = 0, jitterSeconds, catchUpSeconds = 60, input }: Schedule,
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: {
        intervals: [{ every: everySeconds * 1_000, offset: offsetSeconds * 1_000 }],
        jitter: jitterSeconds * 1_000,
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUpSeconds * 1_000 },
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
