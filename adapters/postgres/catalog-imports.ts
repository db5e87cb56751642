import type { CatalogImportStatus, CatalogKind, CatalogRow } from '../../domain/catalog-imports';
import { DomainError } from '../../domain/errors';
import { addCatalogRows } from './catalog-import-rows';
import { enqueueImport, reopenImport } from './file-imports';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** Rows of one file. */
export const mostCatalogRows = 200_000;

/** Rows that are stored with one statement. */
const batchLength = 250;

export interface NewCatalogImport {
  userId: string;
  kind: CatalogKind;
  source: string;
  requestId: string | null;
}

/**
 * Stores a file's rows as they are read, with the job and the start of its workflow, all in the caller's transaction. Throws
 * DomainError `import_in_progress` while another goes on, `import_empty`, `payload_too_large`, and what reading the rows throws.
 */
export async function startCatalogImport(
  tx: EntityManager,
  { userId, kind, source, requestId }: NewCatalogImport,
  rows: AsyncIterable<readonly CatalogRow[]>,
): Promise<{ importId: string; jobId: string; outboxId: string }> {
  await refuseSecond(tx);
  const [importId, jobId] = [newId(), newId()];
  await tx.execute(`insert into catalog_imports (id, user_id, job_id, kind, source, total) values (?, ?, ?, ?, ?, 0)`, [
    importId,
    userId,
    jobId,
    kind,
    source,
  ]);
  let total = 0;
  let valid = 0;
  // A piece of the body holds a few lines of a dump only; each statement costs as much as hundreds of rows.
  let batch: CatalogRow[] = [];
  for await (const some of rows) {
    total += some.length;
    valid += some.filter((row) => 'entry' in row).length;
    if (total > mostCatalogRows) throw new DomainError('payload_too_large', { params: { maxRows: mostCatalogRows } });
    batch.push(...some);
    if (batch.length < batchLength) continue;
    await addCatalogRows(tx, importId, batch);
    batch = [];
  }
  await addCatalogRows(tx, importId, batch);
  if (total === 0) throw new DomainError('import_empty');
  await tx.execute(`update catalog_imports set total = ? where id = ?`, [total, importId]);
  const { outboxId } = enqueueImport(tx, 'catalog_import', { importId, jobId, userId, total: valid, requestId });
  return { importId, jobId, outboxId };
}

/**
 * Goes on with an import that failed, under a new job; null where it is none, or is being worked on. Throws DomainError
 * `import_in_progress`.
 */
export async function restartCatalogImport(
  tx: EntityManager,
  again: { userId: string; importId: string; requestId: string | null; retryOf: string },
): Promise<{ jobId: string; outboxId: string } | null> {
  await refuseSecond(tx);
  return reopenImport(tx, 'catalog_import', again);
}

/** One at a time, of all: they would only wait for each other. Whoever comes while a file is read is told so at once. */
async function refuseSecond(tx: EntityManager): Promise<void> {
  const [lock] = await tx.execute<{ free: boolean }[]>(
    `select pg_try_advisory_xact_lock(hashtext('catalog.import')) as free`,
  );
  const running = await tx.execute<{ id: string }[]>(`select id from catalog_imports where status = 'running' limit 1`);
  if (!lock?.free || running.length > 0) throw new DomainError('import_in_progress');
}

/** An import as it stands. */
export interface StoredCatalogImport {
  id: string;
  userId: string;
  jobId: string;
  kind: CatalogKind;
  source: string;
  status: CatalogImportStatus;
  failureCode: string | null;
  total: number;
  createdAt: Date;
  finishedAt: Date | null;
}

type RawImport = Omit<StoredCatalogImport, 'createdAt' | 'finishedAt'> & {
  created_at: string;
  finished_at: string | null;
};

const columns = `id, user_id as "userId", job_id as "jobId", kind, source, status, failure_code as "failureCode", total, created_at, finished_at`;

const importOf = ({ created_at, finished_at, ...row }: RawImport): StoredCatalogImport => ({
  ...row,
  createdAt: new Date(created_at),
  finishedAt: finished_at === null ? null : new Date(finished_at),
});

/** Everybody's imports, newest first, after the one named. */
export async function listCatalogImports(
  em: EntityManager,
  { limit, after }: { limit: number; after: string | null },
): Promise<StoredCatalogImport[]> {
  const rows = await em.execute<RawImport[]>(
    `select ${columns} from catalog_imports where ?::uuid is null or id < ?::uuid order by id desc limit ?`,
    [after, after, limit],
  );
  return rows.map(importOf);
}

export async function findCatalogImport(em: EntityManager, id: string): Promise<StoredCatalogImport | null> {
  const rows = await em.execute<RawImport[]>(`select ${columns} from catalog_imports where id = ?`, [id]);
  return rows[0] ? importOf(rows[0]) : null;
}

/** An import, held until the commit, so that one at a time works on it; null where it is gone. */
export async function lockCatalogImport(tx: EntityManager, id: string): Promise<StoredCatalogImport | null> {
  const rows = await tx.execute<RawImport[]>(`select ${columns} from catalog_imports where id = ? for update`, [id]);
  return rows[0] ? importOf(rows[0]) : null;
}
