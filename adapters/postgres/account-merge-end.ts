import { movedTables, notDoubled } from './account-merge-moves';
import { lockPeople } from './account-merge-obstacles';
import { lockMerge } from './account-merges';
import { audit } from './audit';
import { finishJob } from './jobs';
import type { EntityManager } from './orm';

/**
 * Closes what could not be carried out: a merge fails for good and moved nothing; one that could not be taken back stays merged, and
 * taking it back can be tried again. Does nothing to what has ended.
 */
export async function giveUpMerge(tx: EntityManager, mergeId: string, failureCode: string): Promise<void> {
  const merge = await lockMerge(tx, mergeId);
  if (!merge || (merge.status !== 'confirmed' && merge.status !== 'undoing')) return;
  const merging = merge.status === 'confirmed';
  await tx.execute(`update account_merges set status = ?, failure_code = ? where id = ?`, [
    merging ? 'failed' : 'merged',
    failureCode,
    mergeId,
  ]);
  audit(tx, {
    actorId: merge.survivorId,
    event: merging ? 'account_merge.merged' : 'account_merge.undone',
    outcome: 'failed',
    subjectType: 'account_merge',
    subjectId: mergeId,
    details: { code: failureCode },
  });
  const jobId = merging ? merge.jobId : merge.undoJobId;
  if (jobId) await finishJob(tx, jobId, 'failed', failureCode);
}

/** Rows looked at in one sweep; the next one comes a minute later. */
const atMost = 100;

/**
 * Ends what time has ended: merges whose day is over become final and their emptied people go, offers of yesterday are
 * forgotten, and merges whose workflow was ended from outside are closed. Runs with every sweep.
 */
export async function settleMerges(em: EntityManager): Promise<{ final: number }> {
  await em.execute(`delete from account_merges where status = 'offered' and expires_at < now() - interval '1 day'`);
  await em.execute(`delete from sessions s using users u where u.id = s.user_id and u.merged_into is not null`);
  const lost = await em.execute<{ id: string }[]>(
    `select m.id from account_merges m join jobs j on j.id = case m.status when 'confirmed' then m.job_id else m.undo_job_id end
     where m.status in ('confirmed', 'undoing') and j.finished_at is not null limit ?`,
    [atMost],
  );
  for (const { id } of lost) await em.fork().transactional((tx) => giveUpMerge(tx, id, 'terminated'));
  const due = await em.execute<{ id: string }[]>(
    `select id from account_merges where status = 'merged' and undo_until <= now() order by undo_until limit ?`,
    [atMost],
  );
  for (const { id } of due) await em.fork().transactional((tx) => makeFinal(tx, id));
  // Their survivor left, and took along what they had.
  await em.execute(
    `delete from users u where u.merged_into is not null and not exists (select from users s where s.id = u.merged_into)`,
  );
  return { final: due.length };
}

/** The absorbed person goes, with what was set aside: roles, doubled blocks, name and address. */
async function makeFinal(tx: EntityManager, mergeId: string): Promise<void> {
  const merge = await lockMerge(tx, mergeId);
  if (!merge || merge.status !== 'merged' || !merge.undoOver) return;
  const { survivorId, absorbedId } = merge;
  await lockPeople(tx, [survivorId, absorbedId]);
  // A request that was under way when the accounts were merged may have left a row behind.
  for (const table of movedTables)
    await tx.execute(`update ${table} t set user_id = ? where user_id = ? and ${notDoubled(table)}`, [
      survivorId,
      absorbedId,
      survivorId,
    ]);
  await tx.execute(`update oauth_transactions set user_id = null where user_id = ?`, [absorbedId]);
  await tx.execute(`delete from users where id = ? and merged_into = ?`, [absorbedId, survivorId]);
  await tx.execute(`delete from account_merge_moves where merge_id = ?`, [mergeId]);
  await tx.execute(`update account_merges set status = 'final', final_at = now() where id = ?`, [mergeId]);
  audit(tx, {
    actorId: survivorId,
    event: 'account_merge.final',
    outcome: 'done',
    subjectType: 'account_merge',
    subjectId: mergeId,
  });
}
