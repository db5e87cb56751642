import type { Client } from '@temporalio/client';
import { eraseConnection, ownerOf } from '../adapters/postgres/disconnection-end';
import { closeWork, type OpenWork, openWorkAt } from '../adapters/postgres/erasure-work';
import { enterPhase } from '../adapters/postgres/jobs';
import type { EntityManager, MikroORM } from '../adapters/postgres/orm';
import { endRun, type RunEnd } from '../adapters/postgres/run-end';
import { activityAttempt } from './activity-context';
import { endWork, isRun } from './end-work';
import { withPulse } from './pulse';

export interface DisconnectInput {
  connectionId: string;
  jobId: string;
}

/** The steps of `disconnect`. Each can be repeated; none of them needs the provider. */
export function createDisconnectActivities(deps: { orm: MikroORM; client: Client; onRunEnd?: (end: RunEnd) => void }) {
  return {
    /** Asks everything that is under way on the connection to end. Returns how much has not. */
    async endConnectionWork({
      connectionId,
      jobId,
      force,
    }: DisconnectInput & { force: boolean }): Promise<{ left: number }> {
      const em = deps.orm.em.fork();
      await enterPhase(em, jobId, 'stopping', activityAttempt());
      const actorId = await ownerOf(em, connectionId);
      if (actorId === null) return { left: 0 };
      const how = { actorId, requestId: `disconnect:${jobId}`, reason: 'connection_disconnected', force };
      const open = await openWorkAt(em, connectionId);
      const endRows = async (work: OpenWork) => {
        const end = await closeRows(em, work);
        if (end) deps.onRunEnd?.(end);
      };
      return { left: await withPulse(() => endWork(deps.client, open, how, endRows)) };
    },

    /** Removes the connection and what is known of it, and ends the job. */
    async eraseConnection(input: DisconnectInput): Promise<void> {
      const em = deps.orm.em.fork();
      await enterPhase(em, input.jobId, 'erasing', activityAttempt());
      await withPulse(() => removeConnection(em, input));
    },
  };
}

async function closeRows(em: EntityManager, work: OpenWork): Promise<RunEnd | null> {
  return em.fork().transactional(async (tx) => {
    const end = isRun(work) ? await endRun(tx, work.subjectId, 'connection_disconnected') : null;
    await closeWork(tx, work);
    return end;
  });
}

async function removeConnection(em: EntityManager, input: DisconnectInput): Promise<void> {
  await em.transactional((tx) => eraseConnection(tx, input));
}
