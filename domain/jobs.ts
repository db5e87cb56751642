/** Kinds of work that a person can watch, each one workflow. */
export const jobTypes = [
  'library_sync',
  'plan',
  'enforce',
  'restore',
  'rollback',
  'import_blocks',
  'import_catalog',
  'export_account',
  'erase_account',
  'unlink_identity',
  'disconnect',
  'merge_accounts',
  'undo_merge',
  'rotate_vault_keys',
  'sync_graph',
  'index_artists',
  'appeal',
] as const;
export type JobType = (typeof jobTypes)[number];

export const jobStatuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Whether nothing more happens to a job in this status. */
export function isFinished(status: string): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Work through a run's journal: it takes a cancel as a message, and ends where its truth is written. */
export const runJobs: readonly string[] = ['enforce', 'restore', 'rollback'] satisfies JobType[];

/** Work that changes nothing at a provider: it can be stopped where it is. */
export const stoppableJobs: readonly string[] = [
  'library_sync',
  'plan',
  'import_blocks',
  'import_catalog',
  'export_account',
] satisfies JobType[];

/** Work that only admins start, and start again. */
export const adminJobs: readonly string[] = [
  'import_catalog',
  'sync_graph',
  'index_artists',
  'rotate_vault_keys',
] satisfies JobType[];

/** Whole percent done; null while the total is unknown. A finished job is at 100 only if it completed. */
export function percentDone(done: number, total: number, status: string): number | null {
  if (status === 'completed') return 100;
  if (total <= 0) return null;
  return Math.min(99, Math.floor((done / total) * 100));
}

/** Seconds left at the pace so far; null before anything was done and once nothing is left to do. */
export function secondsLeft(done: number, total: number, elapsedSeconds: number): number | null {
  if (done <= 0 || total <= done) return null;
  return Math.ceil((elapsedSeconds / done) * (total - done));
}
