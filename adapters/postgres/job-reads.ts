import type { JobStatus, JobType } from '../../domain/jobs';
import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

/** A job as its owner sees it. */
export interface JobRow {
  id: string;
  userId: string;
  type: JobType;
  subjectType: string;
  subjectId: string | null;
  workflowId: string;
  /** Null until its workflow is started. */
  workflowRunId: string | null;
  status: JobStatus;
  phase: string | null;
  attempts: number;
  done: number;
  total: number;
  waiting: { reason: string; until: Date | null } | null;
  failureCode: string | null;
  /** Of the HTTP request that began it. */
  requestId: string | null;
  retryOf: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

interface RawJob {
  id: string;
  user_id: string;
  type: JobType;
  subject_type: string;
  subject_id: string | null;
  workflow_id: string;
  workflow_run_id: string | null;
  status: JobStatus;
  phase: string | null;
  attempts: number;
  done: number;
  total: number;
  waiting_reason: string | null;
  waiting_until: string | null;
  failure_code: string | null;
  request_id: string | null;
  retry_of: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

const columns = `id, user_id, type, subject_type, subject_id, workflow_id, workflow_run_id, status, phase, attempts, done, total, waiting_reason,
  waiting_until, failure_code, request_id, retry_of, created_at, started_at, finished_at`;

const jobOf = (row: RawJob): JobRow => ({
  id: row.id,
  userId: row.user_id,
  type: row.type,
  subjectType: row.subject_type,
  subjectId: row.subject_id,
  workflowId: row.workflow_id,
  workflowRunId: row.workflow_run_id,
  status: row.status,
  phase: row.phase,
  attempts: row.attempts,
  done: row.done,
  total: row.total,
  waiting: row.waiting_reason === null ? null : { reason: row.waiting_reason, until: momentOf(row.waiting_until) },
  failureCode: row.failure_code,
  requestId: row.request_id,
  retryOf: row.retry_of,
  createdAt: new Date(row.created_at),
  startedAt: momentOf(row.started_at),
  finishedAt: momentOf(row.finished_at),
});

/** Which jobs: null where it doesn't matter; `from` counts, `to` doesn't. */
export interface JobFilter {
  userId: string | null;
  type: string | null;
  status: string | null;
  from: string | null;
  to: string | null;
}

/** Jobs, newest first, after the one named. */
export async function listJobs(
  em: EntityManager,
  { userId, type, status, from, to }: JobFilter,
  { limit, after }: { limit: number; after: string | null },
): Promise<JobRow[]> {
  const wanted: [string, string | null][] = [
    ['user_id = ?', userId],
    ['type = ?', type],
    ['status = ?', status],
    ['created_at >= ?', from],
    ['created_at < ?', to],
    ['id < ?', after],
  ];
  const asked = wanted.filter((condition): condition is [string, string] => condition[1] !== null);
  const rows = await em.execute<RawJob[]>(
    `select ${columns} from jobs where ${['true', ...asked.map(([sql]) => sql)].join(' and ')} order by id desc limit ?`,
    [...asked.map(([, value]) => value), limit],
  );
  return rows.map(jobOf);
}

/** One job of a person's; null where it is nobody's or somebody else's. */
export async function findJob(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<JobRow | null> {
  const rows = await em.execute<RawJob[]>(`select ${columns} from jobs where id = ? and user_id = ?`, [id, userId]);
  return rows[0] ? jobOf(rows[0]) : null;
}

/** Jobs by id, whoever's they are. */
export async function loadJobs(em: EntityManager, ids: readonly string[]): Promise<JobRow[]> {
  const rows = await em.execute<RawJob[]>(
    `select ${columns} from jobs where id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [JSON.stringify(ids)],
  );
  return rows.map(jobOf);
}

/** A rare, spoken step of a job; `seq` counts from 1. */
export interface Milestone {
  jobId: string;
  seq: number;
  code: string;
  params: Record<string, string | number>;
  createdAt: Date;
}

/** Milestones of jobs, each job's after a number of its own, in order. */
export async function loadMilestones(
  em: EntityManager,
  after: readonly { jobId: string; seq: number }[],
): Promise<Milestone[]> {
  const rows = await em.execute<
    { job_id: string; seq: number; code: string; params: Milestone['params']; created_at: string }[]
  >(
    `select m.job_id, m.seq, m.code, m.params, m.created_at from jsonb_to_recordset(?::jsonb) as w("jobId" uuid, seq int)
     join job_milestones m on m.job_id = w."jobId" and m.seq > w.seq order by m.job_id, m.seq`,
    [JSON.stringify(after)],
  );
  return rows.map((row) => ({
    jobId: row.job_id,
    seq: row.seq,
    code: row.code,
    params: row.params,
    createdAt: new Date(row.created_at),
  }));
}
