import { lockForDisconnection, startDisconnection } from '../../adapters/postgres/disconnection';
import type { Person, System } from './system';

/** Writes what `DELETE connections/{id}` writes; its workflow is started by `start`. */
export async function takeAway(
  system: System,
  { userId, connectionId }: Pick<Person, 'userId' | 'connectionId'>,
): Promise<{ jobId: string; start: () => Promise<void> }> {
  const { jobId, outboxId } = await system.orm.em.fork().transactional(async (tx) => {
    const connection = await lockForDisconnection(tx, { userId, id: connectionId });
    if (!connection) throw new Error('There is no such connection.');
    return startDisconnection(tx, { userId, connection, requestId: null });
  });
  return { jobId, start: () => system.dispatcher.start(outboxId) };
}

/** The same to its end. */
export async function disconnected(system: System, person: Pick<Person, 'userId' | 'connectionId'>): Promise<string> {
  const { jobId, start } = await takeAway(system, person);
  await start();
  const end = await system.jobEnd(jobId);
  if (end.status !== 'completed') throw new Error(`the disconnecting ended ${end.status} ${end.failure_code}`);
  return jobId;
}
