import type { Client } from '@temporalio/client';
import { idsOfPerson } from '../../adapters/postgres/erasure';
import { closeWork, endEpochs, keepWhatIsDone, type OpenWork, openWorkOf } from '../../adapters/postgres/erasure-work';
import type { EntityManager, MikroORM } from '../../adapters/postgres/orm';
import { cancelRunWorkflow } from '../../adapters/temporal/cancel-run';
import { terminateWorkflow } from '../../adapters/temporal/terminate-workflow';
import { isWorkflowOpen } from '../../adapters/temporal/workflow-state';

export interface StopInput {
  userId: string;
  /** Of the erasure. */
  jobId: string;
  /** Whether what has not ended by itself is ended now, wherever it is. */
  force: boolean;
}

/**
 * Asks everything of a person's that is under way to end, and says how much has not. Runs are cancelled as a person would
 * do it; what changes nothing at a provider is terminated; a merge or a removed sign-in account ends by itself, soon.
 */
export async function stopWork(
  { orm, client }: { orm: MikroORM; client: Client },
  input: StopInput,
): Promise<{ left: number }> {
  const em = orm.em.fork();
  const people = await idsOfPerson(em, input.userId);
  await keepWhatIsDone(em, people);
  if (input.force) await endEpochs(em, people);
  let left = 0;
  for (const work of await openWorkOf(em, people)) {
    if (await isUnderWay(client, work, input)) left += 1;
    else await close(em, work);
  }
  return { left };
}

async function isUnderWay(client: Client, work: OpenWork, { userId, jobId, force }: StopInput): Promise<boolean> {
  if (force || endsByForce.has(work.type)) {
    await terminateWorkflow(client, work.workflowId, 'account_erased');
    return false;
  }
  if (runs.has(work.type) && work.subjectId !== null) {
    const asked = { rollback: false, actorId: userId, requestId: `erase:${jobId}` };
    return (await cancelRunWorkflow(client, work.subjectId, asked)) !== 'closed';
  }
  return work.unstarted || (await isWorkflowOpen(client, work.workflowId)) === true;
}

const runs = new Set(['enforce', 'rollback']);
const endsByForce = new Set(['library_sync', 'plan', 'export_account']);

async function close(em: EntityManager, work: OpenWork): Promise<void> {
  await em.fork().transactional((tx) => closeWork(tx, work));
}
