import type { SyncMode, SyncReason } from '../../domain/graph-sync';
import type { EntityManager } from './orm';

/** What a sync wrote, and what it took out. */
export interface SyncCounts {
  artists: number;
  albums: number;
  tracks: number;
  collaborations: number;
  removed: number;
}

/** A sync of the graph that had something to do. */
export interface GraphSyncRow {
  id: string;
  jobId: string | null;
  mode: SyncMode;
  reason: SyncReason;
  status: 'running' | 'completed' | 'failed';
  counts: SyncCounts;
  failureCode: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/** Notes that it began; again where its first step is repeated, with what that chose. One that was left is over then: the turn is ours. */
export async function openGraphSync(
  tx: EntityManager,
  sync: { id: string; jobId: string | null; mode: SyncMode; reason: SyncReason },
): Promise<void> {
  await tx.execute(
    `update graph_syncs set status = 'failed', failure_code = 'terminated', finished_at = now() where status = 'running' and id <> ?`,
    [sync.id],
  );
  await tx.execute(
    `insert into graph_syncs (id, job_id, mode, reason) values (?, ?, ?, ?)
     on conflict (id) do update set mode = excluded.mode, reason = excluded.reason, status = 'running', finished_at = null`,
    [sync.id, sync.jobId, sync.mode, sync.reason],
  );
}

/** Ends it, once. Ends of a month ago are forgotten. */
export async function closeGraphSync(
  tx: EntityManager,
  { id, counts, failureCode }: { id: string; counts: SyncCounts; failureCode: string | null },
): Promise<void> {
  await tx.execute(
    `update graph_syncs set status = ?, failure_code = ?, artists = ?, albums = ?, tracks = ?, collaborations = ?, removed = ?, finished_at = now()
     where id = ? and finished_at is null`,
    [
      failureCode ? 'failed' : 'completed',
      failureCode,
      counts.artists,
      counts.albums,
      counts.tracks,
      counts.collaborations,
      counts.removed,
      id,
    ],
  );
  await tx.execute(`delete from graph_syncs where finished_at < now() - interval '30 days' and id <> ?`, [id]);
}

interface Raw extends SyncCounts {
  id: string;
  job_id: string | null;
  mode: SyncMode;
  reason: SyncReason;
  status: GraphSyncRow['status'];
  failure_code: string | null;
  started_at: string;
  finished_at: string | null;
}

/** Syncs, newest first, from a place in that order on. */
export async function listGraphSyncs(
  em: EntityManager,
  { limit, after }: { limit: number; after: { startedAt: string; id: string } | null },
): Promise<GraphSyncRow[]> {
  const rows = await em.execute<Raw[]>(
    `select * from graph_syncs where ?::uuid is null or (started_at, id) < (?::timestamptz, ?::uuid) order by started_at desc, id desc limit ?`,
    [after?.id ?? null, after?.startedAt ?? null, after?.id ?? null, limit],
  );
  return rows.map(({ id, mode, reason, status, artists, albums, tracks, collaborations, removed, ...row }) => ({
    id,
    jobId: row.job_id,
    mode,
    reason,
    status,
    counts: { artists, albums, tracks, collaborations, removed },
    failureCode: row.failure_code,
    startedAt: new Date(row.started_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  }));
}

/** Whether a full sync was begun in the last hour: one that did not help will not help now. */
export async function fullSyncLately(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from graph_syncs where mode = 'full' and started_at > now() - interval '1 hour' limit 1`,
  );
  return rows.length > 0;
}
