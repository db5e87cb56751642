import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** What could still be taken back, and goes with the account. */
export interface LostUndo {
  /** Runs with actions that a rollback could undo, and how many actions. */
  runs: number;
  actions: number;
  /** Merges of accounts that could still be undone. */
  merges: number;
}

/** Of runs `r` with actions `a`: what a rollback could undo. */
const isUndoable = `r.run_type <> 'rollback'
  and (a.status in ('applied', 'undo_failed') or a.status = 'failed' and a.outcome_code = 'outcome_unknown')`;

/** Counts what undo is lost with one connection. */
export async function countLostUndoAt(
  em: EntityManager,
  connectionId: string,
): Promise<Pick<LostUndo, 'runs' | 'actions'>> {
  const [row] = await em.execute<Pick<LostUndo, 'runs' | 'actions'>[]>(
    `select count(distinct r.id)::int as runs, count(a.id)::int as actions
     from runs r join actions a on a.run_id = r.id where r.connection_id = ? and ${isUndoable}`,
    [connectionId],
  );
  return row ?? { runs: 0, actions: 0 };
}

/** Counts what undo a person would lose. */
export async function countLostUndo(em: EntityManager, userId: string): Promise<LostUndo> {
  const [row] = await em.execute<LostUndo[]>(
    `select count(distinct r.id)::int as runs, count(a.id)::int as actions,
       (select count(*)::int from account_merges where survivor_id = ? and status in ('merged', 'undoing') and undo_until > now()) as merges
     from runs r join actions a on a.run_id = r.id where r.user_id = ? and ${isUndoable}`,
    [userId, userId],
  );
  return row ?? { runs: 0, actions: 0, merges: 0 };
}

/**
 * The job that erases a person now, if one does. The unfinished job is the mark: while it is there, nothing new of this
 * person's is started.
 */
export async function erasureOf(em: EntityManager, userId: string): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select id from jobs where user_id = ? and type = 'erase_account' and finished_at is null limit 1`,
    [userId],
  );
  return row?.id ?? null;
}

/** Writes the erasure's job and the start of its workflow into the caller's transaction; a second request joins the first. */
export async function startErasure(
  tx: EntityManager,
  { userId, requestId }: { userId: string; requestId: string | null },
): Promise<{ jobId: string; outboxId: string | null }> {
  // Two requests at once: the second waits here and finds the first one's job.
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const running = await erasureOf(tx, userId);
  if (running) return { jobId: running, outboxId: null };
  return createJob(tx, {
    type: 'erase_account',
    userId,
    subjectType: 'user',
    subjectId: userId,
    provider: null,
    workflowType: 'eraseAccount',
    workflowId: () => `erase-account:${userId}`,
    input: (jobId) => ({ userId, jobId }),
    requestId,
  });
}

/** The person and whoever was merged into them: ids whose rows are theirs. */
export async function idsOfPerson(em: EntityManager, userId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with recursive same as (
       select ?::uuid as id union select u.id from users u join same s on u.merged_into = s.id
     ) select id from same order by id`,
    [userId],
  );
  return rows.map(({ id }) => id);
}

/** For `in` over ids given as JSON. */
export const givenIds = `(select (jsonb_array_elements_text(?::jsonb))::uuid)`;
