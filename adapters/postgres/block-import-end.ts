import type { RowOutcome } from '../../domain/block-imports';
import { DomainError } from '../../domain/errors';
import { audit, auditEach } from './audit';
import { type StoredImport, lockBlockImport } from './block-imports';
import { countRowOutcomes, failImport } from './file-imports';
import { addMilestone, finishJob } from './jobs';
import type { EntityManager } from './orm';
import { markPlansOnArtistsStale } from './plans';

/**
 * Ends an import whose rows are all worked on, or that failed, in the caller's transaction. A replacing one withdraws here what
 * was not in its file, unless rows could not be read: then that waits for the person. Repeating it changes nothing, also after
 * the import went on under a new job.
 */
export async function endBlockImport(
  tx: EntityManager,
  { importId, jobId, failureCode }: { importId: string; jobId: string; failureCode: string | null },
): Promise<void> {
  const open = await lockBlockImport(tx, importId);
  // Another job's, once this one has failed and its person began again.
  if (open?.status !== 'running' || open.jobId !== jobId) return;
  if (failureCode) {
    await failImport(tx, 'block_import', { importId, failureCode });
    if (await finishJob(tx, jobId, 'failed', failureCode)) await addMilestone(tx, jobId, 'blocks_import_failed');
    return;
  }
  const unread = (await countRowOutcomes<RowOutcome>(tx, 'block_import', [importId])).get(importId)?.invalid ?? 0;
  const waits = open.mode === 'replace' && !open.dryRun && unread > 0 && !open.confirmed;
  if (open.mode === 'replace' && !waits) await withdrawOthers(tx, open, null);
  await tx.execute(`update block_imports set status = ?, finished_at = now() where id = ?`, [
    waits ? 'needs_confirmation' : 'completed',
    importId,
  ]);
  const counts = (await countRowOutcomes<RowOutcome>(tx, 'block_import', [importId])).get(importId) ?? {};
  const doubtful = (counts.needs_review ?? 0) + (counts.unknown ?? 0);
  const { created = 0, changed = 0, invalid = 0, withdrawn = 0 } = counts;
  if (await finishJob(tx, jobId, 'completed'))
    await addMilestone(
      tx,
      jobId,
      waits ? 'blocks_import_waits' : open.dryRun ? 'blocks_import_tried' : 'blocks_imported',
      {
        created,
        changed,
        withdrawn,
        doubtful,
        invalid,
      },
    );
  audit(tx, {
    actorId: open.userId,
    event: 'blocks.imported',
    outcome: 'done',
    subjectType: 'block_import',
    subjectId: importId,
    details: { mode: open.mode, dryRun: open.dryRun, created, changed, withdrawn, doubtful, invalid },
  });
}

/**
 * Lets what was not in the file go although some of its rows could not be read. Confirming again changes nothing. Throws
 * DomainError `not_found`, `nothing_to_confirm`.
 */
export async function confirmBlockImport(
  tx: EntityManager,
  { userId, importId, requestId }: { userId: string; importId: string; requestId: string | null },
): Promise<void> {
  const open = await lockBlockImport(tx, importId);
  if (open?.userId !== userId) throw new DomainError('not_found');
  if (open.status === 'completed' && open.confirmed) return;
  if (open.status !== 'needs_confirmation')
    throw new DomainError('nothing_to_confirm', { params: { status: open.status } });
  await withdrawOthers(tx, open, requestId);
  await tx.execute(`update block_imports set status = 'completed', confirmed = true where id = ?`, [importId]);
  audit(tx, {
    actorId: userId,
    event: 'blocks.import_confirmed',
    outcome: 'done',
    subjectType: 'block_import',
    subjectId: importId,
    requestId,
  });
}

/**
 * Withdraws the blocks that no row means and none may mean, and that nobody has touched since the file came; each is written down
 * behind the rows as it was. In a dry run that is all.
 */
async function withdrawOthers(
  tx: EntityManager,
  { id, userId, dryRun, createdAt }: StoredImport,
  requestId: string | null,
): Promise<void> {
  const others = `blocks b where b.user_id = ? and b.updated_at <= ?
    and not exists (select from block_import_rows r where r.import_id = ? and r.artist_id = b.artist_id)
    and not exists (select from block_import_rows r where r.import_id = ? and r.outcome = 'needs_review' and r.candidates && array(select artist_ids_of(b.artist_id)))`;
  const content = `b.artist_id, b.note, b.tags, b.expires_at, b.on_expiry, b.created_at`;
  const gone = await tx.execute<{ artist_id: string }[]>(
    `with gone as (${dryRun ? `select ${content} from ${others}` : `delete from ${others} returning ${content}`}),
       last as (select coalesce(max(seq), 0) as seq from block_import_rows where import_id = ?)
     insert into block_import_rows (import_id, seq, name, note, tags, expires_at, on_expiry, artist_id, outcome)
     select ?, last.seq + row_number() over (order by g.created_at desc, g.artist_id), a.name, g.note, g.tags, g.expires_at, g.on_expiry, g.artist_id, 'withdrawn'
     from gone g join artists a on a.id = g.artist_id cross join last returning artist_id`,
    [userId, createdAt, id, id, id, id],
  );
  if (dryRun) return;
  const ids = gone.map((row) => row.artist_id);
  await markPlansOnArtistsStale(tx, userId, ids, 'block_withdrawn');
  const record = {
    actorId: userId,
    event: 'block.withdrawn',
    outcome: 'done' as const,
    subjectType: 'artist',
    requestId,
  };
  await auditEach(tx, record, ids);
}
