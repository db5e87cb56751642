import type { EntityManager } from './orm';

/**
 * Turns ready plans of a connection stale whose library is not the published one any more, in what the person has there: a
 * like, an album, a follow or a place in a playlist that came or went. Other people's playlists don't count, and names
 * don't. Call it with the connection's row locked.
 */
export async function markPlansOfOldLibrary(tx: EntityManager, connectionId: string): Promise<void> {
  const parts = (generation: string) =>
    `select l.kind, l.provider_id, l.content_id from library_parts l
     where l.generation_id = ${generation} and (l.kind <> 'playlist' or l.collaborative or l.owner_id = c.account_user_id)`;
  await tx.execute(`select id from plans where connection_id = ? and status = 'ready' order by id for no key update`, [
    connectionId,
  ]);
  await tx.execute(
    `update plans p set status = 'stale', stale_reasons = array_append(p.stale_reasons, 'library_changed'), version = p.version + 1
     from connections c where c.id = ? and p.connection_id = c.id and p.status = 'ready' and p.generation_id <> c.generation_id
       and exists ((${parts('p.generation_id')} except ${parts('c.generation_id')}) union all (${parts('c.generation_id')} except ${parts('p.generation_id')}))`,
    [connectionId],
  );
}
