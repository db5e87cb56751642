import type { TableTask } from '../../domain/index-tables';
import type { EntityManager } from './orm';

/** Rows that were written and taken out; artists that were made one, and pairs that wait for a person. */
export interface IndexCounts {
  written: number;
  removed: number;
  merged: number;
  queued: number;
}

/** A run of the indexer that had something to do. */
export interface IndexRunRow {
  id: string;
  jobId: string | null;
  status: 'running' | 'completed' | 'failed';
  tables: TableTask[];
  counts: IndexCounts;
  failureCode: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/** Notes that it began; again where its first step is repeated, with what that chose. One that was left is over then: the turn is ours. */
export async function openIndexRun(
  tx: EntityManager,
  { id, jobId, tables }: { id: string; jobId: string | null; tables: readonly TableTask[] },
): Promise<void> {
  await tx.execute(
    `update index_runs set status = 'failed', failure_code = 'terminated', finished_at = now() where status = 'running' and id <> ?`,
    [id],
  );
  await tx.execute(
    `insert into index_runs (id, job_id, tables) values (?, ?, ?::jsonb)
     on conflict (id) do update set tables = excluded.tables, status = 'running', finished_at = null`,
    [id, jobId, JSON.stringify(tables)],
  );
}

/** Notes why the rows of one table cannot be made. */
export async function noteTableFailure(em: EntityManager, runId: string, table: string, code: string): Promise<void> {
  await em.execute(
    `update index_runs set tables = (select jsonb_agg(case when t ->> 'table' = ? then t || jsonb_build_object('failure', ?::text) else t end order by n)
       from jsonb_array_elements(tables) with ordinality as listed (t, n)) where id = ? and finished_at is null`,
    [table, code, runId],
  );
}

/** What became of each table of a run, by its name: null, or why its rows could not be made. */
export async function tableFailures(em: EntityManager, runId: string): Promise<Map<string, string | null>> {
  const rows = await em.execute<{ table: string; failure: string | null }[]>(
    `select t."table", t.failure from index_runs r, jsonb_to_recordset(r.tables) as t("table" text, failure text) where r.id = ?`,
    [runId],
  );
  return new Map(rows.map(({ table, failure }) => [table, failure]));
}

/** Why the rows of a table could not be made when that was tried last, and when; null where they could, or it never was. */
export async function lastTableFailure(
  em: EntityManager,
  table: string,
): Promise<{ code: string; secondsAgo: number } | null> {
  const [row] = await em.execute<{ failure: string | null; ago: number }[]>(
    `select t.failure, extract(epoch from now() - r.started_at)::float as ago
     from index_runs r, jsonb_to_recordset(r.tables) as t("table" text, failure text)
     where t."table" = ? and (r.status = 'completed' or t.failure is not null) order by r.started_at desc, r.id desc limit 1`,
    [table],
  );
  return row?.failure ? { code: row.failure, secondsAgo: row.ago } : null;
}

/** Ends it, once. Ends of a month ago are forgotten. */
export async function closeIndexRun(
  tx: EntityManager,
  { id, counts, failureCode }: { id: string; counts: IndexCounts; failureCode: string | null },
): Promise<void> {
  await tx.execute(
    `update index_runs set status = ?, failure_code = ?, written = ?, removed = ?, merged = ?, queued = ?, finished_at = now() where id = ? and finished_at is null`,
    [
      failureCode ? 'failed' : 'completed',
      failureCode,
      counts.written,
      counts.removed,
      counts.merged,
      counts.queued,
      id,
    ],
  );
  await tx.execute(`delete from index_runs where finished_at < now() - interval '30 days' and id <> ?`, [id]);
}

interface Raw extends IndexCounts {
  id: string;
  job_id: string | null;
  status: IndexRunRow['status'];
  tables: TableTask[];
  failure_code: string | null;
  started_at: string;
  finished_at: string | null;
}

/** The last run, also one that is under way; null where there was none. */
export async function lastIndexRun(em: EntityManager): Promise<IndexRunRow | null> {
  const [row] = await em.execute<Raw[]>(`select * from index_runs order by started_at desc, id desc limit 1`);
  if (!row) return null;
  const { id, status, tables, written, removed, merged, queued } = row;
  return {
    id,
    jobId: row.job_id,
    status,
    tables,
    counts: { written, removed, merged, queued },
    failureCode: row.failure_code,
    startedAt: new Date(row.started_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  };
}

/** Whether a table was written over whole in the last hour because its counts differed: what did not help will not help now. */
export async function mendedLately(em: EntityManager, table: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select r.id from index_runs r, jsonb_to_recordset(r.tables) as t("table" text, reason text)
     where r.started_at > now() - interval '1 hour' and t."table" = ? and t.reason = 'drift' limit 1`,
    [table],
  );
  return rows.length > 0;
}
