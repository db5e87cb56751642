import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { OutboxEntry } from '../postgres/entities';
import type { EntityManager, MikroORM } from '../postgres/orm';
import { inTraceOf } from '../tracing/trace-context';
import { searchAttributes } from './search-attributes';
import { taskQueues } from './task-queues';

export interface Dispatcher {
  /** Starts the workflow of an outbox entry by its fixed id. Doing it twice starts one. Throws when Temporal is away. */
  start(outboxId: string): Promise<void>;
  /** The same for use after a commit: a failure is left to the sweeper, and told to `onLeft`. */
  tryStart(outboxId: string): Promise<void>;
}

/** Starts what a transaction has written into the outbox. */
export function createDispatcher(deps: {
  orm: MikroORM;
  client: Client;
  onLeft: (outboxId: string, error: unknown) => void;
}): Dispatcher {
  async function start(outboxId: string): Promise<void> {
    const em = deps.orm.em.fork();
    const entry = await em.findOne(OutboxEntry, { id: outboxId, startedAt: null });
    if (!entry) return;
    // Also when a sweep starts it, long after.
    const runId = await inTraceOf(entry.traceparent, () =>
      startWorkflow(deps.client, entry, (execution) => isOfEndedJob(em, entry, execution)),
    );
    await em.transactional(async (tx) => {
      await tx.execute(`update outbox set started_at = now() where id = ? and started_at is null`, [outboxId]);
      await tx.execute(`update jobs set workflow_run_id = ? where workflow_id = ? and workflow_run_id is null`, [
        runId,
        entry.workflowId,
      ]);
    });
  }
  return {
    start,
    async tryStart(outboxId) {
      try {
        await start(outboxId);
      } catch (error) {
        deps.onLeft(outboxId, error);
      }
    },
  };
}

/**
 * Workflows that may have a second execution under their id. A person's erasure, a connection's end and an appeal: one that was
 * ended from outside must not be their last. A run: what failed is tried again over the same journal; an execution too many finds the run ended. The rotation of
 * the vault's keys: there is one at a time and there will be others.
 */
const mayStartAgain: Readonly<Record<string, WorkflowIdReusePolicy>> = {
  eraseAccount: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  disconnect: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  appeal: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
  enforce: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  rollback: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  rotateVaultKeys: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
};

/**
 * A rotation is asked for only while none is under way, by the rows: an execution that is still there has finished its job and is
 * about to close, or is one of the same job's, which goes on where the rows are.
 */
const mayEndTheOneBefore = new Set(['rotateVaultKeys']);

/** A start waits no longer for anything. */
const patienceMs = 5_000;

/**
 * Starts the workflow, or joins the execution that is there. One whose job has ended closes a moment later, and would take what is
 * started now along: its end is waited for.
 */
async function startWorkflow(
  client: Client,
  entry: OutboxEntry,
  isOver: (firstExecutionRunId: string) => Promise<boolean>,
): Promise<string> {
  const deadline = Date.now() + patienceMs;
  const reuse = mayStartAgain[entry.workflowType] ?? WorkflowIdReusePolicy.REJECT_DUPLICATE;
  for (;;) {
    try {
      const handle = await client.withDeadline(deadline, () =>
        client.workflow.start(entry.workflowType, {
          taskQueue: taskQueues.workflows,
          workflowId: entry.workflowId,
          args: [entry.input],
          memo: entry.requestId ? { requestId: entry.requestId } : undefined,
          typedSearchAttributes: searchAttributes(entry.searchAttributes),
          workflowIdConflictPolicy: mayEndTheOneBefore.has(entry.workflowType)
            ? WorkflowIdConflictPolicy.TERMINATE_EXISTING
            : WorkflowIdConflictPolicy.FAIL,
          workflowIdReusePolicy: reuse,
        }),
      );
      return handle.firstExecutionRunId;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const existing = await client.workflow.getHandle(entry.workflowId).describe();
      const first = existing.raw.workflowExecutionInfo?.firstRunId || existing.runId;
      const isClosed = existing.status.name !== 'RUNNING';
      // A closed one stood in the way only until now, unless it is this workflow's last.
      if ((isClosed && reuse !== WorkflowIdReusePolicy.ALLOW_DUPLICATE) || !(await isOver(first))) return first;
      if (Date.now() > deadline) throw error;
      if (isClosed) continue;
      const closing = client.workflow.getHandle(entry.workflowId, existing.runId);
      // However it ends; where that takes too long, the next try fails.
      await client.withDeadline(deadline, () => closing.result().catch(() => undefined));
    }
  }
}

/** Whether an execution is that of an earlier job of the same workflow, which has ended. */
async function isOfEndedJob(
  em: EntityManager,
  { workflowId, input }: OutboxEntry,
  executionRunId: string,
): Promise<boolean> {
  const { jobId } = input as { jobId?: string };
  const rows = await em.execute<{ id: string }[]>(
    `select id from jobs where workflow_id = ? and workflow_run_id = ? and finished_at is not null and id is distinct from ?::uuid limit 1`,
    [workflowId, executionRunId, jobId ?? null],
  );
  return rows.length > 0;
}
