import { mostCurators } from '../../domain/community-lists';
import { DomainError } from '../../domain/errors';
import { announce } from './announcements';
import { audit } from './audit';
import { newId } from './ids';
import { unfollowList } from './list-subscriptions';
import { type ListRow, looksAfter } from './lists';
import type { EntityManager } from './orm';
import { lockPerson } from './people';

export interface CuratorRow {
  userId: string;
  displayName: string;
  invitedAt: Date;
  acceptedAt: Date | null;
}

/** Those who look after a list beside its owner; who is only asked to is shown to those who do, and to themselves. */
export async function listCurators(em: EntityManager, list: ListRow, userId: string): Promise<CuratorRow[]> {
  const rows = await em.execute<
    { user_id: string; display_name: string; created_at: string; accepted_at: string | null }[]
  >(
    `select c.user_id, u.display_name, c.created_at, c.accepted_at from list_curators c join users u on u.id = c.user_id
     where c.list_id = ? and u.merged_into is null and (c.accepted_at is not null or ?::boolean or c.user_id = ?) order by c.id`,
    [list.id, looksAfter(list.part), userId],
  );
  return rows.map((row) => ({
    userId: row.user_id,
    displayName: row.display_name,
    invitedAt: new Date(row.created_at),
    acceptedAt: row.accepted_at === null ? null : new Date(row.accepted_at),
  }));
}

interface CuratorChange {
  /** Held by the caller. */
  list: ListRow;
  curatorId: string;
  actorId: string;
  requestId: string | null;
}

/**
 * The owner asks somebody, who becomes a curator by doing the same about themselves. Repeating it changes nothing. Throws DomainError
 * `owner_only`, `not_found`, `limit_reached`.
 */
export async function putCurator(tx: EntityManager, change: CuratorChange): Promise<void> {
  const { list, curatorId, actorId } = change;
  if (actorId === curatorId) return accept(tx, change);
  if (list.part !== 'owner') throw new DomainError('owner_only');
  if (!(await lockPerson(tx, curatorId))) throw new DomainError('not_found');
  const there = await tx.execute<{ user_id: string }[]>(`select user_id from list_curators where list_id = ?`, [
    list.id,
  ]);
  if (there.some(({ user_id: id }) => id === curatorId)) return;
  if (there.length >= mostCurators) throw new DomainError('limit_reached', { params: { most: mostCurators } });
  await tx.execute(`insert into list_curators (id, list_id, user_id) values (?, ?, ?)`, [newId(), list.id, curatorId]);
  record(tx, 'list.curator_invited', change);
  await announce(tx, curatorId, { type: 'list.curator_invited', params: { listId: list.id } });
}

async function accept(tx: EntityManager, change: CuratorChange): Promise<void> {
  const { list, curatorId } = change;
  if (list.part === 'curator') return;
  if (list.part !== 'invited') throw new DomainError('not_found');
  await tx.execute(`update list_curators set accepted_at = now() where list_id = ? and user_id = ?`, [
    list.id,
    curatorId,
  ]);
  record(tx, 'list.curator_accepted', change);
}

/** By the owner, or by themselves. Whoever may not read a private list any more does not go by it either. Throws DomainError as above. */
export async function removeCurator(tx: EntityManager, change: CuratorChange): Promise<void> {
  const { list, curatorId, actorId } = change;
  if (list.part !== 'owner' && actorId !== curatorId) throw new DomainError('owner_only');
  const gone = await tx.execute<{ id: string }[]>(
    `delete from list_curators where list_id = ? and user_id = ? returning id`,
    [list.id, curatorId],
  );
  if (gone.length === 0) throw new DomainError('not_found');
  record(tx, 'list.curator_removed', change);
  if (list.visibility === 'private') await unfollowList(tx, { userId: curatorId, listId: list.id });
}

function record(tx: EntityManager, event: string, { list, curatorId, actorId, requestId }: CuratorChange): void {
  const subject = { subjectType: 'list', subjectId: list.id, details: { curatorId } };
  audit(tx, { actorId, event, outcome: 'done', ...subject, requestId });
}
