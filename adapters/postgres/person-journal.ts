import type { StreamingProvider } from '../../domain/capabilities';
import type { ActionStatus, RunType } from '../../domain/runs';
import type { EntityManager } from './orm';

/** A line of a person's journal: an action of any of their runs. */
export interface JournalLine {
  id: string;
  runId: string;
  seq: number;
  runType: RunType;
  provider: StreamingProvider;
  actionType: string;
  itemType: string;
  uri: string;
  name: string;
  playlistId: string | null;
  status: ActionStatus;
  outcomeCode: string | null;
  losses: string[];
  approximate: boolean;
  durationMs: number | null;
  settledAt: Date | null;
  undoneAt: Date | null;
}

/** A place in it: the newest run first, each in its own order. */
export interface JournalPlace {
  runId: string;
  seq: number;
}

export interface JournalPage {
  userId: string;
  provider: string | null;
  status: ActionStatus | null;
  /** Only what was settled within these days, by UTC. */
  settled: { from: string | null; to: string | null };
  after: JournalPlace | null;
  limit: number;
}

/** Up to `limit` lines behind a place. */
export async function journalAfter(em: EntityManager, page: JournalPage): Promise<JournalLine[]> {
  const {
    after,
    settled: { from, to },
  } = page;
  const rows = await em.execute<
    {
      id: string;
      run_id: string;
      seq: number;
      run_type: RunType;
      provider: StreamingProvider;
      action_type: string;
      item_type: string;
      uri: string;
      name: string;
      playlist_id: string | null;
      status: ActionStatus;
      outcome_code: string | null;
      losses: string[];
      approximate: boolean;
      duration_ms: string | null;
      settled_at: string | null;
      undone_at: string | null;
    }[]
  >(
    // Run by run, so that no more of them is read than the page takes.
    `select r.id as run_id, r.run_type, c.provider, a.* from runs r join connections c on c.id = r.connection_id
     cross join lateral (
       select id, seq, action_type, item_type, uri, name, playlist_id, status, outcome_code, losses, approximate, duration_ms, settled_at, undone_at
       from actions where run_id = r.id and seq > case when r.id = ?::uuid then ?::int else -1 end and (?::text is null or status = ?)
         and (?::date is null or settled_at >= ?::date::timestamp at time zone 'UTC')
         and (?::date is null or settled_at < (?::date + 1)::timestamp at time zone 'UTC')
       order by seq limit ?
     ) a
     where r.user_id = ? and (?::uuid is null or r.id <= ?::uuid) and (?::text is null or c.provider = ?)
     order by r.id desc, a.seq limit ?`,
    [
      ...[after?.runId ?? null, after?.seq ?? -1],
      ...[page.status, page.status, from, from, to, to, page.limit],
      ...[page.userId, after?.runId ?? null, after?.runId ?? null, page.provider, page.provider, page.limit],
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    seq: row.seq,
    runType: row.run_type,
    provider: row.provider,
    actionType: row.action_type,
    itemType: row.item_type,
    uri: row.uri,
    name: row.name,
    playlistId: row.playlist_id,
    status: row.status,
    outcomeCode: row.outcome_code,
    losses: row.losses,
    approximate: row.approximate,
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
    settledAt: row.settled_at === null ? null : new Date(row.settled_at),
    undoneAt: row.undone_at === null ? null : new Date(row.undone_at),
  }));
}

/** Lines read with one statement. */
const batchLength = 500;

/** The whole journal, batch by batch; between two of them nothing is held at the database. */
export async function* journalOf(
  em: EntityManager,
  asked: Omit<JournalPage, 'after' | 'limit'>,
): AsyncGenerator<JournalLine[]> {
  let after: JournalPlace | null = null;
  do {
    const lines: JournalLine[] = await journalAfter(em, { ...asked, after, limit: batchLength });
    yield lines;
    const last = lines.length === batchLength ? lines.at(-1) : undefined;
    after = last ? { runId: last.runId, seq: last.seq } : null;
  } while (after);
}
