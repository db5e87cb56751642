import { decodeSequence, encodeSequence, type PlaylistSequence } from '../../domain/playlist-sequence';
import { pack, unpack } from './library-content';
import type { EntityManager } from './orm';

/** A kept playlist: `snapshotId` is the provider's name for the state that the live part equals. */
export interface KeptSequence {
  sequence: PlaylistSequence;
  snapshotId: string | null;
  /** What a rollback was putting in when this was saved: copies of these that turn up are ours. */
  pending: PendingInsertions | null;
}

export interface PendingInsertions {
  runId: string;
  /** How many copies of each URI were sent, whether or not an answer came. */
  sent: Record<string, number>;
  /** What was sent again because its outcome stayed unknown: of these, surplus copies may have landed. */
  resent: string[];
  /** What is being taken out again after something landed twice, to be put back at its places. */
  clearing: string[];
}

export async function loadSequence(
  em: EntityManager,
  connectionId: string,
  playlistId: string,
): Promise<KeptSequence | null> {
  return (await loadSequences(em, connectionId, [playlistId])).get(playlistId) ?? null;
}

/** The kept ones among several playlists, by id. */
export async function loadSequences(
  em: EntityManager,
  connectionId: string,
  playlistIds: readonly string[],
): Promise<Map<string, KeptSequence>> {
  const rows = await em.execute<
    { playlist_id: string; snapshot_id: string | null; sequence: Buffer; pending: PendingInsertions | null }[]
  >(
    `select playlist_id, snapshot_id, sequence, pending from playlist_sequences
     where connection_id = ? and playlist_id in (select jsonb_array_elements_text(?::jsonb))`,
    [connectionId, JSON.stringify(playlistIds)],
  );
  const kept = rows.map(async (row): Promise<[string, KeptSequence]> => {
    const sequence = decodeSequence(await unpack<string>(row.sequence));
    return [row.playlist_id, { sequence, snapshotId: row.snapshot_id, pending: row.pending }];
  });
  return new Map(await Promise.all(kept));
}

export async function saveSequence(
  tx: EntityManager,
  connectionId: string,
  playlistId: string,
  kept: KeptSequence,
): Promise<void> {
  await tx.execute(
    `insert into playlist_sequences (connection_id, playlist_id, snapshot_id, sequence, pending, updated_at) values (?, ?, ?, ?, ?::jsonb, now())
     on conflict (connection_id, playlist_id) do update set snapshot_id = excluded.snapshot_id, sequence = excluded.sequence, pending = excluded.pending,
       version = playlist_sequences.version + 1, updated_at = now()`,
    [
      connectionId,
      playlistId,
      kept.snapshotId,
      await pack(encodeSequence(kept.sequence)),
      kept.pending ? JSON.stringify(kept.pending) : null,
    ],
  );
}
