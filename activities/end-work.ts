import type { Client } from '@temporalio/client';
import type { OpenWork } from '../adapters/postgres/erasure-work';
import { cancelRunWorkflow } from '../adapters/temporal/cancel-run';
import { terminateWorkflow } from '../adapters/temporal/terminate-workflow';
import { isWorkflowOpen } from '../adapters/temporal/workflow-state';
import { runJobs, stoppableJobs } from '../domain/jobs';

export interface HowToEnd {
  /** For whom runs are cancelled. */
  actorId: string;
  /** The same asks a run only once. */
  requestId: string;
  /** What a terminated workflow shows. */
  reason: string;
  /** Whether what has not ended by itself is ended now, wherever it is. */
  force: boolean;
}

/**
 * Asks work that is under way to end, and says how much has not. Runs are cancelled as a person would do it; what changes
 * nothing at a provider is terminated; a merge or a removed sign-in account ends by itself, soon. `close` closes the rows of
 * what was never started or is over.
 */
export async function endWork(
  client: Client,
  open: readonly OpenWork[],
  how: HowToEnd,
  close: (work: OpenWork) => Promise<void>,
): Promise<number> {
  let left = 0;
  for (const work of open) {
    if (await isUnderWay(client, work, how)) left += 1;
    else await close(work);
  }
  return left;
}

async function isUnderWay(client: Client, work: OpenWork, how: HowToEnd): Promise<boolean> {
  if (how.force || work.type === 'appeal' || stoppableJobs.includes(work.type)) {
    await terminateWorkflow(client, work.workflowId, how.reason);
    return false;
  }
  if (isRun(work)) {
    const asked = { rollback: false, actorId: how.actorId, requestId: how.requestId };
    return (await cancelRunWorkflow(client, work.subjectId, asked)) !== 'closed';
  }
  return work.unstarted || (await isWorkflowOpen(client, work.workflowId)) === true;
}

/** Whether it works through a run's journal. */
export function isRun(work: OpenWork): work is OpenWork & { subjectId: string } {
  return runJobs.includes(work.type) && work.subjectId !== null;
}
