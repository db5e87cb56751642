import { type Direction, directionOf } from '../../domain/reversibility';
import { liveView } from '../../domain/playlist-sequence';
import { loadSequences } from './playlist-sequences';
import type { EntityManager } from './orm';

/** What was seen of one part of the library in a run: its length before, and after the last look; null where not looked at. */
export interface PartObservation {
  expected: number;
  observed: number;
  removed: number;
  restored: number;
  /** Rated "Suggest Less", which takes nothing out. */
  rated?: number;
  /** Items that the journal calls removed and the last look still shows, or the other way round. */
  contradicting: number;
}

/** Saves what the run has seen of a part, in the place of an earlier look. */
export async function observePart(
  tx: EntityManager,
  runId: string,
  part: string,
  seen: PartObservation,
): Promise<void> {
  await tx.execute(`update runs set observations = observations || ?::jsonb where id = ?`, [
    JSON.stringify({ [part]: seen }),
    runId,
  ]);
}

/** Which way the actions of a run go: all the same. */
export async function directionOfRun(em: EntityManager, runId: string): Promise<Direction> {
  const [first] = await em.execute<{ action_type: string }[]>(
    `select action_type from actions where run_id = ? limit 1`,
    [runId],
  );
  return directionOf(first?.action_type ?? '');
}

const done = `status in ('applied', 'undone', 'undo_failed')`;
const partOf: Readonly<Record<string, string>> = {
  liked_track: 'likes',
  saved_album: 'albums',
  followed_artist: 'follows',
  followed_playlist: 'followed_playlists',
  rated_song: 'songs',
  rated_album: 'albums',
};

/**
 * What a run has seen of the parts it touched, from the journal and the kept sequences alone, so that it can be said of a run
 * that was stopped, too: each removed copy is a ghost in its playlist, whichever execution took it out and whatever the
 * person did meanwhile. Likes, albums, follows and followed playlists that the run has not looked at to the end are taken at the plan's length.
 */
export async function knownObservations(
  em: EntityManager,
  run: { id: string; connectionId: string; direction: Direction; generationId: string | null },
): Promise<Record<string, PartObservation>> {
  return {
    ...(await savedParts(em, run)),
    ...(run.direction === 'take_out' ? await emptiedPlaylists(em, run) : {}),
  };
}

async function savedParts(
  em: EntityManager,
  { id, direction, generationId }: { id: string; direction: Direction; generationId: string | null },
): Promise<Record<string, PartObservation>> {
  const rows = await em.execute<{ item_type: string; count: string; length: number | null }[]>(
    `select a.item_type, count(*) as count,
       case when a.item_type = 'followed_playlist' then (select count(*)::int from library_parts p, runs r join connections c on c.id = r.connection_id
           where r.id = ? and p.generation_id = ? and p.kind = 'playlist' and p.owner_id <> c.account_user_id)
         else (select p.length from library_parts p where p.generation_id = ? and p.provider_id = '' and p.kind =
           case when a.item_type in ('liked_track', 'rated_song') then 'likes' when a.item_type in ('saved_album', 'rated_album') then 'albums' else 'follows' end) end as length
     from actions a where a.run_id = ? and a.playlist_id is null and a.${done} group by a.item_type`,
    [id, generationId, generationId, id],
  );
  return Object.fromEntries(
    rows.map(({ item_type: itemType, count, length }) => {
      const [changed, restored] = direction === 'take_out' ? [Number(count), 0] : [0, Number(count)];
      const observed = Math.max(0, (length ?? 0) + restored - changed);
      const how = itemType.startsWith('rated_') ? { removed: 0, rated: changed } : { removed: changed };
      return [partOf[itemType] ?? itemType, { expected: observed, observed, ...how, restored, contradicting: 0 }];
    }),
  );
}

async function emptiedPlaylists(
  em: EntityManager,
  { id, connectionId }: { id: string; connectionId: string },
): Promise<Record<string, PartObservation>> {
  const rows = await em.execute<{ playlist_id: string; ids: string[] }[]>(
    `select playlist_id, array_agg(id::text) as ids from actions where run_id = ? and playlist_id is not null and ${done} group by playlist_id`,
    [id],
  );
  const sequences = await loadSequences(
    em,
    connectionId,
    rows.map((row) => row.playlist_id),
  );
  const seen: Record<string, PartObservation> = {};
  for (const { playlist_id: playlistId, ids } of rows) {
    const kept = sequences.get(playlistId);
    if (!kept) continue;
    const holders = new Set(ids);
    const removed = kept.sequence.filter(({ ghostOf }) => ghostOf !== null && holders.has(ghostOf)).length;
    const observed = liveView(kept.sequence).length;
    seen[`playlist:${playlistId}`] = { expected: observed, observed, removed, restored: 0, contradicting: 0 };
  }
  return seen;
}
