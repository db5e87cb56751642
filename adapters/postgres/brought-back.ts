import type { PlannedItem } from '../../domain/planned-item';
import { leaveBroughtBack, placeOf } from '../../domain/unattended';
import type { EntityManager } from './orm';

/** Whether a plan is one of a schedule's turn that has not come to its end: it may be carried out without anybody looking on. */
export async function isUnattended(em: EntityManager, planId: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from scheduled_enforcements where plan_id = ? and finished_at is null`,
    [planId],
  );
  return rows.length > 0;
}

/**
 * The items of a plan that nobody looks at before it is carried out, without what its person had brought back; those of a plan that
 * a person asked for stay as they are.
 */
export async function withoutBroughtBack(
  em: EntityManager,
  plan: { id: string; userId: string; connectionId: string },
  items: readonly PlannedItem[],
): Promise<PlannedItem[]> {
  const scheduled = await em.execute<{ id: string }[]>(`select id from scheduled_enforcements where plan_id = ?`, [
    plan.id,
  ]);
  if (scheduled.length === 0) return [...items];
  const [artists, tracks] = [
    await changes(em, `select artist_id as id, updated_at as at from blocks where user_id = ?`, plan.userId),
    await changes(em, `select track_id as id, created_at as at from track_blocks where user_id = ?`, plan.userId),
  ];
  return leaveBroughtBack(items, await broughtBack(em, plan.connectionId), { artists, tracks });
}

/** What was last undone at a connection, and not because a run failed, or put back from a file: when, by place. */
async function broughtBack(em: EntityManager, connectionId: string): Promise<Map<string, Date>> {
  const rows = await em.execute<
    { item_type: string; uri: string; playlist_id: string | null; back: boolean; at: string | null }[]
  >(
    `select distinct on (a.item_type, a.uri, a.playlist_id) a.item_type, a.uri, a.playlist_id,
       (r.run_type = 'restore') = (a.status <> 'undone') as back,
       case when r.run_type = 'restore' then a.applied_at else (select max(coalesce(b.applied_at, b.updated_at)) from actions b join runs q on q.id = b.run_id where b.undoes_id = a.id and q.started_by <> 'failure') end as at
     from actions a join runs r on r.id = a.run_id
     where r.connection_id = ? and r.run_type <> 'rollback' and a.status in ('applied', 'undone', 'undo_failed')
     order by a.item_type, a.uri, a.playlist_id, r.id desc`,
    [connectionId],
  );
  return new Map(
    rows.flatMap(({ item_type: itemType, uri, playlist_id: playlistId, back, at }): [string, Date][] =>
      back && at !== null ? [[placeOf({ itemType, uri, playlistId }), new Date(at)]] : [],
    ),
  );
}

async function changes(em: EntityManager, sql: string, userId: string): Promise<Map<string, Date>> {
  const rows = await em.execute<{ id: string; at: string }[]>(sql, [userId]);
  return new Map(rows.map(({ id, at }) => [id, new Date(at)]));
}
