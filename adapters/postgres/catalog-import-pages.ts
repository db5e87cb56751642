import type { CatalogOutcome, ImportedArtist, ImportedRecordings } from '../../domain/catalog-imports';
import { audit } from './audit';
import { nextPending, settleCatalogRows, type WorkedRow } from './catalog-import-rows';
import { lockCatalogImport } from './catalog-imports';
import { countRowOutcomes, failImport } from './file-imports';
import { takeArtists } from './imported-artists';
import { takeRecordings } from './imported-recordings';
import { addMilestone, finishJob } from './jobs';
import type { EntityManager } from './orm';

/** Rows that are taken into the catalog together: a library that brings new artists waits for as long, and a release has many recordings. */
const pageLength = { artists: 200, recordings: 50 };

interface Work {
  importId: string;
  jobId: string;
}

/**
 * Takes the next rows of an import into the catalog: they, what came of each, and the job's count are one commit. Says how many
 * there were; 0 at the end, or where the import is no longer this job's.
 */
export async function importNextCatalogPage(em: EntityManager, { importId, jobId }: Work): Promise<number> {
  return em.fork().transactional(async (tx) => {
    const open = await lockCatalogImport(tx, importId);
    if (open?.status !== 'running' || open.jobId !== jobId) return 0;
    const rows = await nextPending(tx, importId, pageLength[open.kind]);
    if (rows.length === 0) return 0;
    const worked: WorkedRow[] =
      open.kind === 'artists'
        ? await takeArtists(tx, open.source, rows as { seq: number; entry: ImportedArtist }[])
        : await takeRecordings(tx, open.source, rows as { seq: number; entry: ImportedRecordings }[]);
    await settleCatalogRows(tx, importId, worked);
    await tx.execute(`update jobs set done = done + ?, updated_at = now() where id = ? and finished_at is null`, [
      rows.length,
      jobId,
    ]);
    return rows.length;
  });
}

/** Ends an import whose rows are all worked on, or that failed, in the caller's transaction. Repeating it changes nothing. */
export async function endCatalogImport(
  tx: EntityManager,
  { importId, jobId, failureCode }: Work & { failureCode: string | null },
): Promise<void> {
  const open = await lockCatalogImport(tx, importId);
  if (open?.status !== 'running' || open.jobId !== jobId) return;
  if (failureCode) {
    await failImport(tx, 'catalog_import', { importId, failureCode });
    if (await finishJob(tx, jobId, 'failed', failureCode)) await addMilestone(tx, jobId, 'catalog_import_failed');
    return;
  }
  await tx.execute(`update catalog_imports set status = 'completed', finished_at = now() where id = ?`, [importId]);
  const counts = (await countRowOutcomes<CatalogOutcome>(tx, 'catalog_import', [importId])).get(importId) ?? {};
  const { created = 0, changed = 0, unchanged = 0, conflict = 0, invalid = 0 } = counts;
  const told = { created, changed, unchanged, conflict, invalid };
  if (await finishJob(tx, jobId, 'completed')) await addMilestone(tx, jobId, 'catalog_imported', told);
  audit(tx, {
    actorId: open.userId,
    event: 'catalog.imported',
    outcome: 'done',
    subjectType: 'catalog_import',
    subjectId: importId,
    details: { kind: open.kind, ...told },
  });
}
