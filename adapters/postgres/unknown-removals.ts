import type { EntityManager } from './orm';

/** Removals in one playlist of which no run could learn whether they landed: the action's id by URI. */
export async function unknownRemovals(
  em: EntityManager,
  connectionId: string,
  playlistId: string,
): Promise<Map<string, string>> {
  const rows = await em.execute<{ id: string; uri: string }[]>(
    `select a.id, a.uri from actions a join runs r on r.id = a.run_id where r.connection_id = ? and a.playlist_id = ?
       and a.action_type = 'remove_playlist_track' and a.status = 'failed' and a.outcome_code = 'outcome_unknown' order by a.id`,
    [connectionId, playlistId],
  );
  return new Map(rows.map((row) => [row.uri, row.id]));
}
