import { lockOwnConnection } from '../../../adapters/postgres/connection-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { requireUsable } from '../../../adapters/postgres/plan-start';
import type { RemovedAction } from '../../../adapters/postgres/removed-items';
import { createRollback } from '../../../adapters/postgres/rollbacks';
import { DomainError } from '../../../domain/errors';

/** A rollback that was written; `outboxId` is its start's. */
export interface StartedRestore {
  connectionId: string;
  actions: number;
  runId: string;
  jobId: string;
  outboxId: string;
}

/**
 * Writes a rollback for each connection in the caller's transaction: all of them, or none. Throws DomainError `connection_busy`,
 * `connection_unusable`.
 */
export async function startRestores(
  tx: EntityManager,
  { userId, restored, requestId }: { userId: string; restored: readonly RemovedAction[]; requestId: string | null },
): Promise<StartedRestore[]> {
  const runs: StartedRestore[] = [];
  for (const [connectionId, actions] of byConnection(restored)) {
    const connection = await lockOwnConnection(tx, { userId, id: connectionId });
    if (!connection) throw new DomainError('not_found');
    requireUsable(connection);
    const { provider, epoch } = connection;
    const rollback = await createRollback(tx, { userId, connectionId, provider, epoch, actions, requestId });
    runs.push({ connectionId, actions: actions.length, ...rollback });
  }
  return runs;
}

/** In the order of the ids, so that two who lock several of them wait for one another. */
export function byConnection(actions: readonly RemovedAction[]): [string, RemovedAction[]][] {
  const groups = new Map<string, RemovedAction[]>();
  for (const action of actions) {
    const group = groups.get(action.connectionId);
    if (group) group.push(action);
    else groups.set(action.connectionId, [action]);
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
}
