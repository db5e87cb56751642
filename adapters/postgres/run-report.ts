import type { OutcomeGroup } from '../../domain/run-report';
import type { ActionStatus } from '../../domain/runs';
import type { EntityManager } from './orm';
import { type ActionRow, listActions } from './run-reads';

/** A line of the journal with names, so that it can be read without asking further. */
export interface ReportLine extends ActionRow {
  artists: string[];
}

/** Actions read with one statement. */
const batchLength = 500;

/** How the actions of a run ended, grouped: a few rows, however long the journal is. */
export async function outcomeGroups(em: EntityManager, runId: string): Promise<OutcomeGroup[]> {
  const rows = await em.execute<
    { status: ActionStatus; outcome_code: string | null; losses: string[]; approximate: boolean; count: string }[]
  >(
    `select status, outcome_code, losses, approximate, count(*) as count from actions where run_id = ?
     group by status, outcome_code, losses, approximate order by status, outcome_code nulls first, losses, approximate`,
    [runId],
  );
  return rows.map(({ outcome_code: outcomeCode, count, ...row }) => ({ ...row, outcomeCode, count: Number(count) }));
}

/**
 * A run's journal in its own order, batch by batch. A playlist whose name the plan no longer tells is called as it was when
 * the library was read last.
 */
export async function* reportBatches(
  em: EntityManager,
  { id, connectionId }: { id: string; connectionId: string },
): AsyncGenerator<ReportLine[]> {
  const playlistNames = await namesOfPlaylists(em, connectionId);
  for (let after = -1; ;) {
    const rows = await listActions(em, id, { status: null, after, limit: batchLength });
    const last = rows.at(-1);
    if (!last) return;
    const names = await namesOfArtists(em, [...new Set(rows.flatMap((row) => row.artistIds))]);
    yield rows.map((row) => ({
      ...row,
      playlistName: row.playlistName ?? playlistNames.get(row.playlistId ?? '') ?? null,
      artists: row.artistIds.flatMap((artistId) => names.get(artistId) ?? []),
    }));
    after = last.seq;
  }
}

async function namesOfPlaylists(em: EntityManager, connectionId: string): Promise<Map<string, string>> {
  const rows = await em.execute<{ provider_id: string; name: string }[]>(
    `select p.provider_id, p.name from connections c join library_parts p on p.generation_id = c.generation_id
     where c.id = ? and p.kind = 'playlist' and p.name is not null`,
    [connectionId],
  );
  return new Map(rows.map((row) => [row.provider_id, row.name]));
}

async function namesOfArtists(em: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await em.execute<{ id: string; name: string }[]>(
    `with asked as (select (jsonb_array_elements_text(?::jsonb))::uuid as id)
     select asked.id, a.name from asked left join former_artists f using (id) join artists a on a.id = coalesce(f.artist_id, asked.id)`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
