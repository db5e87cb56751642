import type { Client } from '@temporalio/client';

/** Events in a workflow's history. */
export async function eventCount(client: Client, workflowId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return events?.length ?? 0;
}

/** Seconds from the end of a plan's last look at the library to the plan being ready, on Temporal's clock. */
export async function planningSeconds(client: Client, planId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(`plan:${planId}`).fetchHistory();
  const names = new Map<string, string>();
  const ends: { name: string; at: number }[] = [];
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) names.set(String(event.eventId), scheduled.activityType?.name ?? '');
    const completed = event.activityTaskCompletedEventAttributes;
    if (!completed) continue;
    const at = Number(event.eventTime?.seconds ?? 0) + Number(event.eventTime?.nanos ?? 0) / 1e9;
    ends.push({ name: names.get(String(completed.scheduledEventId)) ?? '', at });
  }
  const read = ends.findLast(({ name }) => name === 'syncSlice');
  const ready = ends.findLast(({ name }) => name === 'makePlan');
  if (!read || !ready) throw new Error('The history of the plan shows no reading or no planning.');
  return ready.at - read.at;
}
