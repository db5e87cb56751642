import type { Client } from '@temporalio/client';
import { idsOfPerson } from '../../adapters/postgres/erasure';
import { closeWork, endEpochs, keepWhatIsDone, type OpenWork, openWorkOf } from '../../adapters/postgres/erasure-work';
import type { MikroORM } from '../../adapters/postgres/orm';
import { endWork } from '../end-work';

export interface StopInput {
  userId: string;
  /** Of the erasure. */
  jobId: string;
  /** Whether what has not ended by itself is ended now, wherever it is. */
  force: boolean;
}

/** Asks everything of a person's that is under way to end, and says how much has not. */
export async function stopWork(
  { orm, client }: { orm: MikroORM; client: Client },
  { userId, jobId, force }: StopInput,
): Promise<{ left: number }> {
  const em = orm.em.fork();
  const people = await idsOfPerson(em, userId);
  await keepWhatIsDone(em, people);
  if (force) await endEpochs(em, people);
  const how = { actorId: userId, requestId: `erase:${jobId}`, reason: 'account_erased', force };
  const close = (work: OpenWork) => em.fork().transactional((tx) => closeWork(tx, work));
  return { left: await endWork(client, await openWorkOf(em, people), how, close) };
}
