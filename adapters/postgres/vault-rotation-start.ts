import { audit } from './audit';
import { newId } from './ids';
import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** A rotation, as whoever may ask for one sees it. */
export interface VaultRotation {
  jobId: string;
  status: string;
  done: number;
  total: number;
  failureCode: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** Its one workflow: there are never two rotations at once. */
export const rotationWorkflowId = 'rotate-vault-keys';

/** Any number that nothing else locks. */
const startLock = 7_011_958;

/**
 * Writes a rotation's job and the start of its workflow into the caller's transaction; one that is under way is joined
 * instead, and `outboxId` is null then.
 */
export async function startVaultRotation(
  tx: EntityManager,
  { userId, keyId, requestId, retryOf }: { userId: string; keyId: string; requestId: string | null; retryOf?: string },
): Promise<{ jobId: string; outboxId: string | null }> {
  // Two requests at once: the second waits here and finds the first one's.
  await tx.execute(`select pg_advisory_xact_lock(?)`, [startLock]);
  const [open] = await tx.execute<{ id: string }[]>(
    `select id from jobs where type = 'rotate_vault_keys' and finished_at is null order by id limit 1`,
  );
  const jobId = open?.id ?? newId();
  audit(tx, {
    actorId: userId,
    event: 'vault.rotation_started',
    outcome: 'done',
    subjectType: 'job',
    subjectId: jobId,
    details: { keyId, joined: open !== undefined },
    requestId,
  });
  if (open) return { jobId, outboxId: null };
  return createJob(tx, {
    id: jobId,
    type: 'rotate_vault_keys',
    userId,
    subjectType: 'vault',
    subjectId: jobId,
    provider: null,
    workflowType: 'rotateVaultKeys',
    workflowId: () => rotationWorkflowId,
    input: () => ({ jobId, keyId }),
    requestId,
    ...(retryOf ? { retryOf } : {}),
  });
}

/** The rotation that was asked for last; null where there was none. */
export async function latestVaultRotation(em: EntityManager): Promise<VaultRotation | null> {
  const [row] = await em.execute<
    {
      id: string;
      status: string;
      done: number;
      total: number;
      failure_code: string | null;
      created_at: string;
      finished_at: string | null;
    }[]
  >(
    `select id, status, done, total, failure_code, created_at, finished_at from jobs where type = 'rotate_vault_keys'
      order by id desc limit 1`,
  );
  if (!row) return null;
  return {
    jobId: row.id,
    status: row.status,
    done: row.done,
    total: row.total,
    failureCode: row.failure_code,
    createdAt: new Date(row.created_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  };
}
