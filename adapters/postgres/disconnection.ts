import { createJob } from './jobs';
import type { EntityManager } from './orm';

/** A connection as whoever takes it away finds it. */
export interface OwnedConnection {
  id: string;
  provider: string;
  /** Whether it is being taken away already. */
  disconnecting: boolean;
}

/** Locks a connection of a person's, also one that is being taken away. Null where there is none. */
export async function lockForDisconnection(
  tx: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<OwnedConnection | null> {
  const [row] = await tx.execute<OwnedConnection[]>(
    `select id, provider, disconnecting_since is not null as disconnecting
     from connections where id = ? and user_id = ? for update`,
    [id, userId],
  );
  return row ?? null;
}

/** The unfinished job that takes a connection away, if there is one. */
export async function disconnectionOf(em: EntityManager, userId: string, connectionId: string): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select id from jobs where user_id = ? and type = 'disconnect' and subject_id = ? and finished_at is null order by id limit 1`,
    [userId, connectionId],
  );
  return row?.id ?? null;
}

/**
 * Ends a connection in the caller's transaction, which holds its row: its tokens are gone, its epoch is over, so that nothing
 * that is under way writes any more, its plans can't be carried out, and its account can be connected anew as another
 * connection, at once. The rest is the job's. Does the same for one whose disconnecting was ended from outside.
 */
export async function startDisconnection(
  tx: EntityManager,
  { userId, connection, requestId }: { userId: string; connection: OwnedConnection; requestId: string | null },
): Promise<{ jobId: string; outboxId: string }> {
  const { id, provider } = connection;
  await tx.execute(
    `update connections set disconnecting_since = coalesce(disconnecting_since, now()), epoch = epoch + 1, sync_job_id = null,
       account_id = 'disconnecting:' || id, version = version + 1 where id = ?`,
    [id],
  );
  await tx.execute(`delete from credentials where owner_id = ?`, [id]);
  // One that is being carried out at this moment has its row; its run waits for ours and then finds the connection gone.
  await tx.execute(
    `update plans set status = case when status = 'preparing' then 'failed' else 'expired' end,
       failure_code = case when status = 'preparing' then 'connection_disconnected' else failure_code end,
       expires_at = least(expires_at, now()), version = version + 1
     where id in (select p.id from plans p where p.connection_id = ? and p.status in ('preparing', 'ready', 'stale') for update skip locked)`,
    [id],
  );
  return createJob(tx, {
    type: 'disconnect',
    userId,
    subjectType: 'connection',
    subjectId: id,
    provider,
    workflowType: 'disconnect',
    workflowId: () => `disconnect:${id}`,
    input: (jobId) => ({ connectionId: id, jobId }),
    requestId,
  });
}
