/** How an execution stands, by Temporal's own codes from 1. */
export const executionStatuses = [
  'running',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'continued_as_new',
  'timed_out',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** Null for none. */
export const statusOfCode = (code: number | null | undefined): ExecutionStatus | null =>
  executionStatuses[(code ?? 0) - 1] ?? null;
