import type { Client } from '@temporalio/client';
import { erasePerson, type GrantCounts } from '../adapters/postgres/erasure-end';
import { enterPhase } from '../adapters/postgres/jobs';
import type { EntityManager, MikroORM } from '../adapters/postgres/orm';
import { activityAttempt } from './activity-context';
import { revokeGrants, type RevokeDeps } from './erase-account/revoke-grants';
import { stopWork, type StopInput } from './erase-account/stop-work';
import { withPulse } from './pulse';

export interface ErasureInput {
  userId: string;
  jobId: string;
}

/** The steps of `eraseAccount` that need our own engines only. Each can be repeated, whatever became of it before. */
export function createErasureActivities(deps: { orm: MikroORM; client: Client }) {
  return {
    /** Asks everything that is under way to end. Returns how much has not. */
    async stopWork(input: StopInput): Promise<{ left: number }> {
      await enterPhase(deps.orm.em.fork(), input.jobId, 'stopping', activityAttempt());
      return withPulse(() => stopWork(deps, input));
    },

    /** Removes everything of the person's, and records that and how many consents were taken back. */
    async erasePerson({ userId, jobId, grants }: ErasureInput & { grants: GrantCounts }): Promise<void> {
      const em = deps.orm.em.fork();
      await enterPhase(em, jobId, 'erasing', activityAttempt());
      const [job] = await em.execute<{ request_id: string | null }[]>(`select request_id from jobs where id = ?`, [
        jobId,
      ]);
      const requestId = job?.request_id ?? null;
      await withPulse(() => removeAll(em, { userId, grants, requestId }));
    },
  };
}

async function removeAll(em: EntityManager, person: Parameters<typeof erasePerson>[1]): Promise<void> {
  await em.transactional((tx) => erasePerson(tx, person));
}

/** The step that calls providers. */
export function createRevocationActivities(deps: RevokeDeps) {
  return {
    /** Takes back at the providers what can be taken back, once; what failed may be tried again. */
    async revokeGrants({ userId, jobId }: ErasureInput): Promise<GrantCounts> {
      await enterPhase(deps.orm.em.fork(), jobId, 'revoking', activityAttempt());
      return withPulse(() => revokeGrants(deps, userId));
    },
  };
}
