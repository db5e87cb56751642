import { currentTraceparent } from '../tracing/trace-context';
import type { EntityManager } from './orm';
import { OutboxEntry } from './entities';
import { newId } from './ids';

/** A workflow to start, by ids only: its input, memo and search attributes can be read by everybody who runs the system. */
export interface WorkflowStart {
  workflowType: string;
  workflowId: string;
  input: Record<string, string | number | boolean | null>;
  searchAttributes: { userId: string; provider?: string; jobType: string };
  requestId: string | null;
}

/** Writes the start into the caller's transaction and returns the entry's id; the dispatcher starts it after the commit. */
export function enqueueStart(em: EntityManager, start: WorkflowStart): string {
  const entry = em.create(OutboxEntry, { id: newId(), ...start, traceparent: currentTraceparent(), startedAt: null });
  em.persist(entry);
  return entry.id;
}

/** Has a job's workflow, which was ended from outside, started once more, by the sweep. */
export async function enqueueAgain(
  tx: EntityManager,
  { jobId, workflowId }: { jobId: string; workflowId: string },
): Promise<void> {
  await tx.execute(`update outbox set started_at = null where workflow_id = ? and input->>'jobId' = ?`, [
    workflowId,
    jobId,
  ]);
  await tx.execute(`update jobs set workflow_run_id = null where id = ?`, [jobId]);
}

/** Ids of starts that a crash or an absent Temporal left behind for longer than `seconds`, oldest first. */
export async function unstartedEntries(em: EntityManager, seconds: number, limit: number): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from outbox where started_at is null and created_at < now() - make_interval(secs => ?) order by created_at limit ?`,
    [seconds, limit],
  );
  return rows.map((row) => row.id);
}

/** How many starts have not been made, and for how long the oldest has waited, in seconds; 0 where none waits. */
export async function waitingStarts(em: EntityManager): Promise<{ count: number; oldestSeconds: number }> {
  const [row] = await em.execute<{ count: number; oldestSeconds: number }[]>(
    `select count(*)::int as count, greatest(0, coalesce(extract(epoch from now() - min(created_at)), 0))::float8 as "oldestSeconds"
     from outbox where started_at is null`,
  );
  return row ?? { count: 0, oldestSeconds: 0 };
}
