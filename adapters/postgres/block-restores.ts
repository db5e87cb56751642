import { type BlockRestoreStatus, nextRestoreTry, type RestoreObstacle } from '../../domain/block-expiry';
import { audit } from './audit';
import { lockOwnConnection } from './connection-reads';
import { currentArtistId } from './current-artists';
import { loadEffectiveDecisions } from './effective-blocks';
import type { EntityManager } from './orm';
import { lockRunsThatRemoved, type RemovedScope, selectRemoved } from './removed-items';
import { createRollback } from './rollbacks';

/** What blocks that ended are to bring back and whose time to try has come, those who wait longest first. */
export async function dueRestores(em: EntityManager, limit: number): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from block_restores where finished_at is null and next_try_at <= now() order by next_try_at limit ?`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

interface Waiting {
  id: string;
  user_id: string;
  connection_id: string;
  subject_type: 'artist' | 'track';
  subject_id: string;
  busy: boolean;
  erasing: boolean;
  superseded: boolean;
  since: number;
  now: string;
}

/**
 * Begins bringing back what a block that ended took out at one connection, in the caller's transaction, or says when to try again. A
 * new block of the same supersedes it; what something else still wants out stays out. Whoever comes late finds nothing to do.
 * Throws DomainError `connection_busy` where a run has begun meanwhile.
 * @returns the outbox entry of the rollback, where one was begun
 */
export async function beginRestore(tx: EntityManager, id: string): Promise<string | null> {
  const [row] = await tx.execute<Waiting[]>(
    `select r.id, c.user_id, r.connection_id, r.subject_type, r.subject_id, now() as now,
       exists (select from connection_locks l where l.connection_id = c.id) as busy,
       exists (select from jobs j where j.user_id = c.user_id and j.type = 'erase_account' and j.finished_at is null) as erasing,
       case r.subject_type when 'artist'
         then exists (select from blocks b where b.user_id = c.user_id and b.artist_id in (select artist_ids_of(r.subject_id)) and (b.expires_at is null or b.expires_at > now()))
         else exists (select from track_blocks b where b.user_id = c.user_id and b.track_id = r.subject_id and (b.expires_at is null or b.expires_at > now()))
       end as superseded,
       extract(epoch from now() - r.expired_at)::float8 as since
     from block_restores r join connections c on c.id = r.connection_id
     where r.id = ? and r.finished_at is null for update of r skip locked`,
    [id],
  );
  if (!row) return null;
  if (row.superseded) return finish(tx, row, 'superseded');
  if (row.erasing) return finish(tx, row, 'given_up');
  if (row.busy) return tryLater(tx, row, 'connection_busy');
  const { user_id: userId, connection_id: connectionId } = row;
  const subjectId = row.subject_type === 'artist' ? await currentArtistId(tx, row.subject_id) : row.subject_id;
  const scope: RemovedScope = { userId, connectionId, subjectType: row.subject_type, subjectId };
  await lockRunsThatRemoved(tx, scope);
  const decisions = await loadEffectiveDecisions(tx, userId, new Date(row.now));
  const { restored, skipped } = await selectRemoved(tx, scope, decisions);
  if (restored.length === 0) return finish(tx, row, 'nothing');
  const connection = await lockOwnConnection(tx, { userId, id: connectionId });
  if (!connection || connection.health === 'needs_reconnect') return tryLater(tx, row, 'connection_unusable');
  const { provider, epoch } = connection;
  const rollback = {
    userId,
    connectionId,
    provider,
    epoch,
    actions: restored,
    startedBy: 'expiry',
    requestId: null,
  } as const;
  const { runId, outboxId } = await createRollback(tx, rollback);
  await finish(tx, row, 'started', runId);
  audit(tx, {
    actorId: userId,
    event: 'block.restore_started',
    outcome: 'done',
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    details: { runId, actions: restored.length, skipped: skipped.length },
  });
  return outboxId;
}

/** Has one tried again in some minutes, after something went wrong with it. */
export async function putRestoreOff(em: EntityManager, id: string): Promise<void> {
  await em.execute(
    `update block_restores set next_try_at = now() + interval '5 minutes' where id = ? and finished_at is null`,
    [id],
  );
}

async function finish(
  tx: EntityManager,
  { id }: Waiting,
  status: BlockRestoreStatus,
  runId: string | null = null,
): Promise<null> {
  await tx.execute(
    `update block_restores set status = ?, run_id = ?, waiting_reason = null, finished_at = now() where id = ?`,
    [status, runId, id],
  );
  return null;
}

async function tryLater(tx: EntityManager, row: Waiting, reason: RestoreObstacle): Promise<null> {
  const seconds = nextRestoreTry(reason, row.since);
  if (seconds === null) {
    audit(tx, {
      actorId: row.user_id,
      event: 'block.restore_given_up',
      outcome: 'failed',
      subjectType: row.subject_type,
      subjectId: row.subject_id,
      details: { reason },
    });
    return finish(tx, row, 'given_up');
  }
  await tx.execute(
    `update block_restores set waiting_reason = ?, next_try_at = now() + make_interval(secs => ?) where id = ?`,
    [reason, seconds, row.id],
  );
  return null;
}
