import type { ExpiryChoice } from '../../domain/block-expiry';
import { announce } from './announcements';
import { audit } from './audit';
import { databaseNow } from './clock';
import { loadEffectiveDecisions } from './effective-blocks';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { markPlansOnStale, markPlansStale } from './plans';
import { selectRemoved } from './removed-items';

/** A block whose time is over, and which nobody has seen to yet. */
const over = `ended_at is null and expires_at <= now()`;

/**
 * People with blocks whose time is over, those who wait longest first. Not those whose account is being erased, and not the blocks
 * that a merge of accounts set aside.
 */
export async function peopleWithEndedBlocks(em: EntityManager, limit: number): Promise<string[]> {
  const rows = await em.execute<{ user_id: string }[]>(
    `select e.user_id from (
       select user_id, expires_at from blocks where ${over} union all select user_id, expires_at from track_blocks where ${over}
     ) e join users u on u.id = e.user_id and u.merged_into is null
     where not exists (select from jobs j where j.user_id = e.user_id and j.type = 'erase_account' and j.finished_at is null)
     group by e.user_id order by min(e.expires_at) limit ?`,
    [limit],
  );
  return rows.map((row) => row.user_id);
}

interface EndedBlock {
  subjectType: 'artist' | 'track';
  subjectId: string;
  expiresAt: string;
  onExpiry: ExpiryChoice;
}

/**
 * Ends blocks of a person whose time is over, in the caller's transaction: plans that rest on them turn stale, each leaves an audit
 * row and a notification, and where the person wanted it, bringing back is noted for each of their connections. A block that has
 * ended is ended once, however often and by however many this is called.
 */
export async function endBlocks(tx: EntityManager, userId: string, limit: number): Promise<number> {
  const ended = [
    ...(await markEnded(tx, { table: 'blocks', subject: 'artist', userId, limit })),
    ...(await markEnded(tx, { table: 'track_blocks', subject: 'track', userId, limit })),
  ];
  if (ended.length === 0) return 0;
  const decisions = await loadEffectiveDecisions(tx, userId, await databaseNow(tx));
  const restorable: number[] = [];
  for (const { subjectType, subjectId, onExpiry, expiresAt } of ended) {
    if (subjectType === 'artist') await markPlansStale(tx, userId, subjectId, 'block_expired');
    else await markPlansOnStale(tx, userId, { subjectType, subjectId }, 'block_expired');
    const { restored } = await selectRemoved(tx, { userId, connectionId: null, subjectType, subjectId }, decisions);
    restorable.push(restored.length);
    if (onExpiry === 'restore') await noteRestores(tx, userId, { subjectType, subjectId, expiresAt });
    audit(tx, {
      actorId: userId,
      event: 'block.ended',
      outcome: 'done',
      subjectType,
      subjectId,
      details: { onExpiry, restorable: restored.length },
    });
  }
  for (const [n, { subjectType, subjectId, onExpiry }] of ended.entries()) {
    const params = { onExpiry, restorable: restorable[n] ?? 0 };
    if (subjectType === 'artist')
      await announce(tx, userId, { type: 'block.ended', params: { artistId: subjectId, ...params } });
    else await announce(tx, userId, { type: 'track_block.ended', params: { trackId: subjectId, ...params } });
  }
  return ended.length;
}

async function markEnded(
  tx: EntityManager,
  of: { table: 'blocks' | 'track_blocks'; subject: 'artist' | 'track'; userId: string; limit: number },
): Promise<EndedBlock[]> {
  const key = `${of.subject}_id`;
  const rows = await tx.execute<{ id: string; expires_at: string; on_expiry: ExpiryChoice }[]>(
    `with due as (select ${key} as id from ${of.table} where user_id = ? and ${over} order by expires_at limit ? for update)
     update ${of.table} b set ended_at = now() from due where b.user_id = ? and b.${key} = due.id
     returning b.${key} as id, b.expires_at, b.on_expiry`,
    [of.userId, of.limit, of.userId],
  );
  return rows.map(({ id, expires_at: expiresAt, on_expiry: onExpiry }) => ({
    subjectType: of.subject,
    subjectId: id,
    expiresAt,
    onExpiry,
  }));
}

async function noteRestores(
  tx: EntityManager,
  userId: string,
  { subjectType, subjectId, expiresAt }: Omit<EndedBlock, 'onExpiry'>,
): Promise<void> {
  const connections = await tx.execute<{ id: string }[]>(
    `select id from connections where user_id = ? and disconnecting_since is null`,
    [userId],
  );
  for (const { id: connectionId } of connections)
    await tx.execute(
      `insert into block_restores (id, connection_id, subject_type, subject_id, expired_at) values (?, ?, ?, ?, ?)
       on conflict (connection_id, subject_type, subject_id, expired_at) do nothing`,
      [newId(), connectionId, subjectType, subjectId, expiresAt],
    );
}
