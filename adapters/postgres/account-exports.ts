import { newId } from './ids';
import { createJob, finishJob } from './jobs';
import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

export type ExportStatus = 'preparing' | 'ready' | 'failed' | 'expired';

export interface ExportRow {
  id: string;
  jobId: string;
  status: ExportStatus;
  /** Bytes of the file; null until it is made. */
  size: number | null;
  failureCode: string | null;
  createdAt: Date;
  readyAt: Date | null;
  expiresAt: Date | null;
}

/** Days for which a file is kept; its row is kept longer, so that it answers that it is gone. */
const keptDays = 7;
const rowDays = 90;

/**
 * Writes an export, its job and the start of its workflow into the caller's transaction; one of this person's that is being
 * made is joined instead. `outboxId` is null then.
 */
export async function startExport(
  tx: EntityManager,
  { userId, requestId, retryOf }: { userId: string; requestId: string | null; retryOf?: string },
): Promise<{ exportId: string; jobId: string; outboxId: string | null; joined: boolean }> {
  // Two requests at once: the second waits here and finds the first one's.
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const [running] = await tx.execute<{ id: string; job_id: string }[]>(
    `select id, job_id from account_exports where user_id = ? and status = 'preparing' order by id limit 1`,
    [userId],
  );
  if (running) return { exportId: running.id, jobId: running.job_id, outboxId: null, joined: true };
  const exportId = newId();
  const jobId = newId();
  await tx.execute(`insert into account_exports (id, user_id, job_id) values (?, ?, ?)`, [exportId, userId, jobId]);
  const { outboxId } = createJob(tx, {
    id: jobId,
    type: 'export_account',
    userId,
    subjectType: 'export',
    subjectId: exportId,
    provider: null,
    workflowType: 'exportAccount',
    workflowId: () => `export-account:${jobId}`,
    input: () => ({ exportId, jobId }),
    requestId,
    ...(retryOf ? { retryOf } : {}),
  });
  return { exportId, jobId, outboxId, joined: false };
}

/** Whose an export is and how it stands; null where it is gone with its person. */
export async function openExport(
  em: EntityManager,
  exportId: string,
): Promise<{ userId: string; status: string } | null> {
  const [row] = await em.execute<{ user_id: string; status: string }[]>(
    `select user_id, status from account_exports where id = ?`,
    [exportId],
  );
  return row ? { userId: row.user_id, status: row.status } : null;
}

export async function addChunk(tx: EntityManager, exportId: string, seq: number, bytes: Buffer): Promise<void> {
  await tx.execute(`insert into account_export_chunks (export_id, seq, bytes) values (?, ?, ?)`, [
    exportId,
    seq,
    bytes,
  ]);
}

/** The file is complete: from now on it can be fetched. */
export async function markExportReady(tx: EntityManager, exportId: string, size: number): Promise<void> {
  await tx.execute(
    `update account_exports set status = 'ready', size = ?, ready_at = clock_timestamp(),
       expires_at = clock_timestamp() + make_interval(days => ?) where id = ? and status = 'preparing'`,
    [size, keptDays, exportId],
  );
}

/** Ends an export that could not be made. */
export async function failExport(tx: EntityManager, exportId: string, failureCode: string): Promise<void> {
  await tx.execute(
    `update account_exports set status = 'failed', failure_code = ? where id = ? and status = 'preparing'`,
    [failureCode, exportId],
  );
}

/** Ends an export that was stopped, with its job. */
export async function closeExport(
  tx: EntityManager,
  { exportId, jobId, failureCode }: { exportId: string; jobId: string; failureCode: string | null },
): Promise<boolean> {
  if (failureCode) await failExport(tx, exportId, failureCode);
  return finishJob(tx, jobId, failureCode ? 'failed' : 'completed', failureCode);
}

interface RawExport {
  id: string;
  job_id: string;
  status: ExportStatus;
  size: number | null;
  failure_code: string | null;
  created_at: string;
  ready_at: string | null;
  expires_at: string | null;
}

// What has passed its end is gone for everybody, whether or not a sweep has been there.
const columns = `id, job_id, case when expires_at <= now() then 'expired' else status end as status, size, failure_code, created_at,
  ready_at, expires_at`;

/** A person's exports, newest first, after the one named. */
export async function listExports(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<ExportRow[]> {
  const rows = await em.execute<RawExport[]>(
    `select ${columns} from account_exports where user_id = ? and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map(exportOf);
}

/** One export of a person's; null where it is nobody's or somebody else's. */
export async function findExport(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<ExportRow | null> {
  const rows = await em.execute<RawExport[]>(`select ${columns} from account_exports where id = ? and user_id = ?`, [
    id,
    userId,
  ]);
  return rows[0] ? exportOf(rows[0]) : null;
}

/** The file, one piece in memory at a time. Throws where a piece is missing, so that nobody takes a part for the whole. */
export async function* exportBytes(em: EntityManager, { id, size }: { id: string; size: number }) {
  let sent = 0;
  for (let seq = 0; sent < size; seq += 1) {
    const [row] = await em.execute<{ bytes: Buffer }[]>(
      `select bytes from account_export_chunks where export_id = ? and seq = ?`,
      [id, seq],
    );
    if (!row) throw new Error('The export was forgotten while it was being read.');
    sent += row.bytes.length;
    yield row.bytes;
  }
}

/** Removes the bytes of files that have passed their end, and rows that nobody will ask for any more. */
export async function forgetExports(em: EntityManager): Promise<void> {
  await em.execute(
    `delete from account_export_chunks c using account_exports e where e.id = c.export_id and e.expires_at <= now()`,
  );
  await em.execute(`update account_exports set status = 'expired' where status = 'ready' and expires_at <= now()`);
  await em.execute(
    `delete from account_exports where status in ('expired', 'failed') and created_at < now() - make_interval(days => ?)`,
    [rowDays],
  );
}

const exportOf = (row: RawExport): ExportRow => ({
  id: row.id,
  jobId: row.job_id,
  status: row.status,
  size: row.size,
  failureCode: row.failure_code,
  createdAt: new Date(row.created_at),
  readyAt: momentOf(row.ready_at),
  expiresAt: momentOf(row.expires_at),
});
