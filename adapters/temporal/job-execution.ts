import { type Client, WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { type ExecutionStatus, statusOfCode } from './execution-status';
import { codeOfFailure } from './failure-converter';
import { answerWithin } from './patience';

/** An activity that is to be done, is being done, or waits to be tried again. */
export interface PendingActivity {
  type: string;
  state: 'scheduled' | 'running' | 'cancelling' | 'paused';
  attempt: number;
  /** Null where it is tried for ever. */
  maximumAttempts: number | null;
  /** When its present attempt began; null while it waits for one. */
  startedAt: Date | null;
  lastHeartbeatAt: Date | null;
  /** When it may be tried again; null while it is being done. */
  nextAttemptAt: Date | null;
  /** What the attempt before ended with. */
  lastFailureCode: string | null;
}

export interface Execution {
  status: ExecutionStatus | null;
  runId: string;
  startedAt: Date;
  closedAt: Date | null;
  /** Events in its history. */
  events: number;
  activities: PendingActivity[];
  /** How often its present step was tried; more than one while its code fails. Null where it waits for something. */
  workflowTaskAttempt: number | null;
}

/** `gone`: no longer kept, or never there · `unavailable`: Temporal doesn't answer. */
export type ExecutionReading =
  { state: 'open' | 'closed'; execution: Execution } | { state: 'gone' | 'unavailable'; execution: null };

/** What Temporal knows of a job's workflow now; waits at most two seconds for each question. */
export async function readExecution(
  client: Client,
  { workflowId, workflowRunId }: { workflowId: string; workflowRunId: string },
): Promise<ExecutionReading> {
  try {
    const execution = executionOf(await describe(client, workflowId, workflowRunId));
    return { state: execution.closedAt === null ? 'open' : 'closed', execution };
  } catch (error) {
    return { state: error instanceof WorkflowNotFoundError ? 'gone' : 'unavailable', execution: null };
  }
}

/** Its latest execution, unless that is of a later job under the same id: then its own. */
async function describe(client: Client, workflowId: string, firstRunId: string): Promise<WorkflowExecutionDescription> {
  const look = (runId?: string) => answerWithin(client, () => client.workflow.getHandle(workflowId, runId).describe());
  const latest = await look();
  const first = latest.raw.workflowExecutionInfo?.firstRunId || latest.runId;
  return first === firstRunId ? latest : look(firstRunId);
}

const activityStates = [undefined, 'scheduled', 'running', 'cancelling', 'paused', 'paused'] as const;

function executionOf({ raw, ...about }: WorkflowExecutionDescription): Execution {
  return {
    status: statusOfCode(about.status.code),
    runId: about.runId,
    startedAt: about.startTime,
    closedAt: about.closeTime ?? null,
    events: about.historyLength,
    activities: (raw.pendingActivities ?? []).map((activity) => {
      const state = activityStates[activity.state ?? 0] ?? 'scheduled';
      return {
        type: activity.activityType?.name ?? '',
        state,
        attempt: activity.attempt ?? 1,
        maximumAttempts: activity.maximumAttempts || null,
        startedAt: momentOf(activity.lastStartedTime),
        lastHeartbeatAt: momentOf(activity.lastHeartbeatTime),
        nextAttemptAt: momentOf(activity.nextAttemptScheduleTime),
        lastFailureCode: activity.lastFailure ? codeOfFailure(activity.lastFailure) : null,
      };
    }),
    workflowTaskAttempt: raw.pendingWorkflowTask?.attempt ?? null,
  };
}

type Stamp = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]['lastStartedTime'];

/** Null where Temporal has none, or the beginning of time. */
function momentOf(stamp: Stamp): Date | null {
  const seconds = Number(stamp?.seconds ?? 0);
  return seconds === 0 ? null : new Date(seconds * 1_000 + Math.floor((stamp?.nanos ?? 0) / 1e6));
}
