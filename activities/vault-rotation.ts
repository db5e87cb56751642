import { ApplicationFailure } from '@temporalio/activity';
import { audit } from '../adapters/postgres/audit';
import { addMilestone, enterPhase, finishJob } from '../adapters/postgres/jobs';
import type { EntityManager, MikroORM } from '../adapters/postgres/orm';
import { vaultReport } from '../adapters/postgres/vault-report';
import { replaceSealed, valuesNotUnder } from '../adapters/postgres/vault-rotation';
import { sealedColumns, type SealedColumn } from '../adapters/vault/sealed-columns';
import { VaultError, type SealContext, type Vault } from '../adapters/vault/vault';
import { activityAttempt, activitySignal } from './activity-context';
import { withPulse } from './pulse';

export interface RotationInput {
  jobId: string;
  /** The id of the key under which everything shall be. */
  keyId: string;
}

/** How far a pass has come: the last row that was looked at in the column of this use; null at a column's beginning. */
export interface RotationPlace {
  use: SealContext['use'];
  after: string | null;
}

/** What a slice did: `passedBy` were changed or held by somebody else meanwhile. `next` is null at the end of the pass. */
export interface RotationSlice {
  next: RotationPlace | null;
  moved: number;
  passedBy: number;
}

/** Values that are opened, sealed anew and stored in one transaction. */
const batchSize = 200;
/** A slice hands back after this long, so that little is looked at twice when a worker dies. */
const sliceMs = 20_000;

/** Moving everything that is sealed to the newest key, while it is read and renewed. */
export function createVaultRotationActivities(deps: { orm: MikroORM; vault: Vault }) {
  const { orm, vault } = deps;

  /** Another process may have another ring: sealing with a key that is not the newest would only move values back. */
  function requireNewest(keyId: string): void {
    if (vault.keyIds[0] !== keyId) throw ApplicationFailure.retryable('vault_key_not_newest', 'vault_key_not_newest');
  }

  async function sealAnew(
    { use }: SealedColumn,
    { rowId, jwe }: { rowId: string; jwe: string },
  ): Promise<{ rowId: string; from: string; to: string } | null> {
    const context = { sub: rowId, use };
    try {
      return { rowId, from: jwe, to: (await vault.seal(await vault.open(jwe, context), context)).jwe };
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  /** Null where there is nothing left in this column. */
  async function moveBatch(
    em: EntityManager,
    sealed: SealedColumn,
    { jobId, keyId, after }: RotationInput & { after: string | null },
  ): Promise<{ after: string; moved: number; passedBy: number } | null> {
    const values = await valuesNotUnder(em, sealed, { keyId, after, limit: batchSize });
    const last = values.at(-1);
    if (!last) return null;
    const replaced = (await Promise.all(values.map((value) => sealAnew(sealed, value)))).filter((one) => one !== null);
    const moved = await em.transactional(async (tx) => {
      const count = await replaceSealed(tx, sealed, keyId, replaced);
      // With the rows themselves, so that a crash cannot make the count wrong.
      await tx.execute(
        `update jobs set done = done + ?, total = greatest(total, done + ?), updated_at = now() where id = ? and finished_at is null`,
        [count, count, jobId],
      );
      return count;
    });
    return { after: last.rowId, moved, passedBy: replaced.length - moved };
  }

  return {
    /** Says how much there is to do. Repeating it counts what a crash has left. */
    async beginVaultRotation({ jobId, keyId }: RotationInput): Promise<void> {
      requireNewest(keyId);
      const em = orm.em.fork();
      const { toRotate } = await vaultReport(em, vault);
      await enterPhase(em, jobId, 'rotating', activityAttempt());
      await em.execute(`update jobs set total = done + ? where id = ? and finished_at is null`, [toRotate, jobId]);
    },

    /**
     * Moves values to the newest key for some seconds, from a place on. What cannot be opened is left as it is. A second
     * execution of the same slice finds what the first has moved, and goes on behind it.
     */
    async rotateSlice({
      jobId,
      keyId,
      place,
    }: RotationInput & { place: RotationPlace | null }): Promise<RotationSlice> {
      requireNewest(keyId);
      const em = orm.em.fork();
      const signal = activitySignal();
      const until = performance.now() + sliceMs;
      const sum = { moved: 0, passedBy: 0 };
      const from = place === null ? 0 : sealedColumns.findIndex(({ use }) => use === place.use);
      return withPulse(async () => {
        for (const sealed of sealedColumns.slice(Math.max(0, from))) {
          let after = place?.use === sealed.use ? place.after : null;
          for (;;) {
            signal?.throwIfAborted();
            if (performance.now() > until) return { next: { use: sealed.use, after }, ...sum };
            const batch = await moveBatch(em, sealed, { jobId, keyId, after });
            if (!batch) break;
            after = batch.after;
            sum.moved += batch.moved;
            sum.passedBy += batch.passedBy;
          }
        }
        return { next: null, ...sum };
      });
    },

    /** Ends the job with what is left: values whose key is not here, or that are damaged. Repeating it changes nothing. */
    async finishVaultRotation({
      jobId,
      keyId,
      failureCode,
    }: RotationInput & { failureCode: string | null }): Promise<{ left: number }> {
      const em = orm.em.fork();
      const { columns } = await vaultReport(em, vault);
      const left = columns
        .flatMap(({ byKey }) => byKey)
        .filter((held) => held.keyId !== keyId)
        .reduce((total, { values }) => total + values, 0);
      await em.transactional(async (tx) => {
        if (!failureCode)
          await tx.execute(`update jobs set total = done where id = ? and finished_at is null`, [jobId]);
        if (!(await finishJob(tx, jobId, failureCode ? 'failed' : 'completed', failureCode))) return;
        const [job] = await tx.execute<{ user_id: string; done: number; request_id: string | null }[]>(
          `select user_id, done, request_id from jobs where id = ?`,
          [jobId],
        );
        const counts = { keyId, moved: job?.done ?? 0, left };
        await addMilestone(tx, jobId, failureCode ? 'vault_rotation_failed' : 'vault_rotated', counts);
        audit(tx, {
          actorId: job?.user_id ?? null,
          event: 'vault.rotated',
          outcome: failureCode ? 'failed' : 'done',
          subjectType: 'job',
          subjectId: jobId,
          details: counts,
          requestId: job?.request_id ?? null,
        });
      });
      return { left };
    },
  };
}
