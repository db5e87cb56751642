import type { ReadRow } from '../../domain/block-file-rows';
import type { ImportMode, ImportStatus } from '../../domain/block-imports';
import { DomainError } from '../../domain/errors';
import { blockImportHref } from '../../domain/hrefs';
import { addImportRows } from './block-import-rows';
import { enqueueImport, reopenImport } from './file-imports';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** Rows of one file; at about a hundred bytes each, ten megabytes. */
export const mostRows = 100_000;

export interface NewBlockImport {
  userId: string;
  mode: ImportMode;
  dryRun: boolean;
  /** Whether blocks that are not in the file may go although some of its rows could not be read. */
  confirmed: boolean;
  requestId: string | null;
}

/**
 * Stores a file's rows as they are read, with the job and the start of its workflow, all in the caller's transaction. Throws
 * DomainError `import_in_progress` (with the import) while another of this person's goes on, `import_empty`,
 * `payload_too_large`, and what reading the rows throws.
 */
export async function startBlockImport(
  tx: EntityManager,
  { userId, mode, dryRun, confirmed, requestId }: NewBlockImport,
  rows: AsyncIterable<readonly ReadRow[]>,
): Promise<{ importId: string; jobId: string; outboxId: string }> {
  await refuseSecond(tx, userId);
  const [importId, jobId] = [newId(), newId()];
  await tx.execute(
    `insert into block_imports (id, user_id, job_id, mode, dry_run, confirmed, total) values (?, ?, ?, ?, ?, ?, 0)`,
    [importId, userId, jobId, mode, dryRun, confirmed],
  );
  let total = 0;
  for await (const batch of rows) {
    total += batch.length;
    if (total > mostRows) throw new DomainError('payload_too_large', { params: { maxRows: mostRows } });
    await addImportRows(tx, importId, batch);
  }
  if (total === 0) throw new DomainError('import_empty');
  await tx.execute(`update block_imports set total = ? where id = ?`, [total, importId]);
  const { outboxId } = enqueueImport(tx, 'block_import', { importId, jobId, userId, total, requestId });
  return { importId, jobId, outboxId };
}

/**
 * Goes on with an import that failed, under a new job; null where it is none, or is being worked on. Throws DomainError
 * `import_in_progress`.
 */
export async function restartBlockImport(
  tx: EntityManager,
  again: { userId: string; importId: string; requestId: string | null; retryOf: string },
): Promise<{ jobId: string; outboxId: string } | null> {
  await refuseSecond(tx, again.userId);
  return reopenImport(tx, 'block_import', again);
}

/** Two requests at once: the second waits here and finds the first one's import. */
async function refuseSecond(tx: EntityManager, userId: string): Promise<void> {
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const [running] = await tx.execute<{ id: string }[]>(
    `select id from block_imports where user_id = ? and status = 'running' limit 1`,
    [userId],
  );
  if (!running) return;
  const resource = { type: 'block_import', id: running.id, href: blockImportHref(running.id) };
  throw new DomainError('import_in_progress', { resource });
}

/** An import as it stands. */
export interface StoredImport {
  id: string;
  userId: string;
  jobId: string;
  mode: ImportMode;
  dryRun: boolean;
  confirmed: boolean;
  status: ImportStatus;
  failureCode: string | null;
  total: number;
  createdAt: Date;
  finishedAt: Date | null;
}

type RawImport = Omit<StoredImport, 'createdAt' | 'finishedAt'> & { created_at: string; finished_at: string | null };

const columns = `id, user_id as "userId", job_id as "jobId", mode, dry_run as "dryRun", confirmed, status,
  failure_code as "failureCode", total, created_at, finished_at`;

const importOf = ({ created_at, finished_at, ...row }: RawImport): StoredImport => ({
  ...row,
  createdAt: new Date(created_at),
  finishedAt: finished_at === null ? null : new Date(finished_at),
});

/** A person's imports, newest first, after the one named. */
export async function listBlockImports(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<StoredImport[]> {
  const rows = await em.execute<RawImport[]>(
    `select ${columns} from block_imports where user_id = ? and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map(importOf);
}

/** One import of a person's; null where it is nobody's or somebody else's. */
export async function findBlockImport(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<StoredImport | null> {
  const rows = await em.execute<RawImport[]>(`select ${columns} from block_imports where id = ? and user_id = ?`, [
    id,
    userId,
  ]);
  return rows[0] ? importOf(rows[0]) : null;
}

/** An import, held until the commit, so that one at a time works on it; null where it is gone with its person. */
export async function lockBlockImport(tx: EntityManager, id: string): Promise<StoredImport | null> {
  const rows = await tx.execute<RawImport[]>(`select ${columns} from block_imports where id = ? for update`, [id]);
  return rows[0] ? importOf(rows[0]) : null;
}
