import type { JobType } from '../../domain/jobs';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** Days after its end for which an import can be looked at. */
const keptDays = 30;

/** What each kind of import is called, as a row, as a job, and where its rows and their rows are. */
const imports = {
  block_import: { table: 'block_imports', rows: 'block_import_rows', job: 'import_blocks', workflow: 'importBlocks' },
  catalog_import: {
    table: 'catalog_imports',
    rows: 'catalog_import_rows',
    job: 'import_catalog',
    workflow: 'importCatalog',
  },
} as const satisfies Record<string, { table: string; rows: string; job: JobType; workflow: string }>;
export type FileImport = keyof typeof imports;

interface ImportJob {
  importId: string;
  jobId: string;
  userId: string;
  /** Rows to work on. */
  total: number;
  requestId: string | null;
  retryOf?: string;
}

/** Writes the job of an import and the start of its workflow, in the caller's transaction. */
export function enqueueImport(
  tx: EntityManager,
  kind: FileImport,
  { importId, jobId, ...job }: ImportJob,
): { jobId: string; outboxId: string } {
  return createJob(tx, {
    ...job,
    id: jobId,
    type: imports[kind].job,
    subjectType: kind,
    subjectId: importId,
    provider: null,
    workflowType: imports[kind].workflow,
    workflowId: () => `import:${jobId}`,
    input: () => ({ importId, jobId }),
  });
}

/** Goes on with an import of the person's that failed, under a new job; null where it is none, or is being worked on. */
export async function reopenImport(
  tx: EntityManager,
  kind: FileImport,
  again: { userId: string; importId: string; requestId: string | null; retryOf: string },
): Promise<{ jobId: string; outboxId: string } | null> {
  const jobId = newId();
  const [row] = await tx.execute<{ left: number }[]>(
    `update ${imports[kind].table} i set status = 'running', failure_code = null, finished_at = null, job_id = ?
     where id = ? and user_id = ? and status = 'failed'
     returning (select count(*)::int from ${imports[kind].rows} r where r.import_id = i.id and r.outcome = 'pending') as left`,
    [jobId, again.importId, again.userId],
  );
  return row ? enqueueImport(tx, kind, { ...again, jobId, total: row.left }) : null;
}

/** Ends an import that was stopped; what it has done stays. */
export async function failImport(
  tx: EntityManager,
  kind: FileImport,
  { importId, failureCode }: { importId: string; failureCode: string },
): Promise<void> {
  await tx.execute(
    `update ${imports[kind].table} set status = 'failed', failure_code = ?, finished_at = now() where id = ? and status = 'running'`,
    [failureCode, importId],
  );
}

/** Removes imports that nobody will look at any more, with their rows; what they brought stays. */
export async function forgetImports(em: EntityManager, kind: FileImport): Promise<void> {
  await em.execute(`delete from ${imports[kind].table} where finished_at < now() - make_interval(days => ?)`, [
    keptDays,
  ]);
}

/** How many rows of each of these imports came to what. */
export async function countRowOutcomes<Outcome extends string>(
  em: EntityManager,
  kind: FileImport,
  importIds: readonly string[],
): Promise<Map<string, Partial<Record<Outcome, number>>>> {
  const rows = await em.execute<{ import_id: string; outcome: Outcome; n: number }[]>(
    `select import_id, outcome, count(*)::int as n from ${imports[kind].rows}
     where import_id in (select (jsonb_array_elements_text(?::jsonb))::uuid) group by import_id, outcome`,
    [JSON.stringify(importIds)],
  );
  const counts = new Map<string, Partial<Record<Outcome, number>>>();
  for (const { import_id: id, outcome, n } of rows)
    counts.set(id, { ...counts.get(id), [outcome]: n } as Partial<Record<Outcome, number>>);
  return counts;
}
