import { type Client, ScheduleNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { type Schedule, schedules } from '../../domain/schedules';
import { type ExecutionStatus, statusOfCode } from './execution-status';
import { answerWithin } from './patience';

/** One start that a schedule made. */
export interface ScheduledRun {
  scheduledAt: Date;
  startedAt: Date;
  /** Null where Temporal keeps nothing of it any more. */
  status: ExecutionStatus | null;
  workflowId: string;
  runId: string;
}

/** A schedule as Temporal has it. */
export interface ScheduleState {
  paused: boolean;
  /** Newest first, at most three. */
  lastRuns: ScheduledRun[];
  nextRuns: Date[];
  taken: number;
  /** Passed over because the run before was still under way. */
  skipped: number;
  /** Passed over because Temporal was away when their time came. */
  missed: number;
}

/** `missing`: no worker has made it yet, or somebody deleted it · `unavailable`: Temporal doesn't answer. */
export type ScheduleReading = { schedule: Schedule } & (
  { state: 'known'; known: ScheduleState } | { state: 'missing' | 'unavailable'; known: null }
);

/** Every schedule that there should be, as it stands; waits at most two seconds in all. */
export function readSchedules(client: Client): Promise<ScheduleReading[]> {
  return Promise.all(
    schedules.map(async (schedule): Promise<ScheduleReading> => {
      try {
        return { schedule, state: 'known', known: await answerWithin(client, () => describe(client, schedule.id)) };
      } catch (error) {
        return { schedule, state: error instanceof ScheduleNotFoundError ? 'missing' : 'unavailable', known: null };
      }
    }),
  );
}

async function describe(client: Client, id: string): Promise<ScheduleState> {
  const { state, info } = await client.schedule.getHandle(id).describe();
  const lastRuns = await Promise.all(
    info.recentActions.slice(-3).map(async ({ scheduledAt, takenAt, action }) => {
      const { workflowId, firstExecutionRunId: runId } = action.workflow;
      return { scheduledAt, startedAt: takenAt, status: await statusOf(client, workflowId, runId), workflowId, runId };
    }),
  );
  return {
    paused: state.paused,
    lastRuns: lastRuns.reverse(),
    nextRuns: info.nextActionTimes,
    taken: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}

/** A schedule itself notes only how its runs began. */
async function statusOf(client: Client, workflowId: string, runId: string): Promise<ExecutionStatus | null> {
  try {
    return statusOfCode((await client.workflow.getHandle(workflowId, runId).describe()).status.code);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
