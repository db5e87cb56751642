import { DomainError } from '../../domain/errors';
import { runHref } from '../../domain/hrefs';
import type { EntityManager } from './orm';

/**
 * Takes a connection for a run, until the run ends. Throws DomainError `connection_busy` with the run that has it.
 * The unique key decides between two that come at once. Throws `not_found` for a connection that is being taken away.
 */
export async function lockConnection(tx: EntityManager, connectionId: string, runId: string): Promise<void> {
  const taken = await tx.execute<{ run_id: string }[]>(
    `insert into connection_locks (connection_id, run_id) select id, ? from connections where id = ? and disconnecting_since is null
     on conflict (connection_id) do nothing returning run_id`,
    [runId, connectionId],
  );
  if (taken.length > 0) return;
  const holders = await tx.execute<{ run_id: string }[]>(
    `select run_id from connection_locks where connection_id = ?`,
    [connectionId],
  );
  const id = holders[0]?.run_id;
  if (id === undefined) throw new DomainError('not_found');
  throw busyWith(id);
}

/** `connection_busy` with the run that has the connection. */
export function busyWith(runId: string): DomainError {
  return new DomainError('connection_busy', {
    resource: { type: 'run', id: runId, href: runHref(runId) },
  });
}

/** Gives the connection back. */
export async function unlockConnection(tx: EntityManager, runId: string): Promise<void> {
  await tx.execute(`delete from connection_locks where run_id = ?`, [runId]);
}
