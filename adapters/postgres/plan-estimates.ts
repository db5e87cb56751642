import type { StreamingProvider } from '../../domain/capabilities';
import { callsAtOnce } from '../../domain/concurrency';
import type { PlannedItem } from '../../domain/planned-item';
import { type Countable, estimateSeconds, type ListLengths, runCalls, totalCalls } from '../../domain/run-calls';
import type { CallRates } from '../environment/call-rates';
import type { EntityManager } from './orm';
import { measuredLatency } from './provider-latency';

/** How many calls a run over the included items of a plan makes, and how many seconds at the latency measured lately. */
export async function estimateRun(
  em: EntityManager,
  planId: string,
  items: readonly Countable[],
  { provider, callRates }: { provider: StreamingProvider; callRates: CallRates },
): Promise<{ providerCalls: number; estimatedSeconds: number }> {
  const pieces = runCalls(items, await listLengths(em, planId));
  const rate = { callsAtOnce, callsPerSecond: callRates[provider] };
  return {
    providerCalls: totalCalls(pieces),
    estimatedSeconds: estimateSeconds(pieces, await measuredLatency(em, provider), rate),
  };
}

/** Works out the calls and the time of a plan again, after its items changed, and counts the change in its version. */
export async function refigurePlan(
  tx: EntityManager,
  planId: string,
  at: { provider: StreamingProvider; callRates: CallRates },
): Promise<void> {
  const rows = await tx.execute<
    { uri: string; playlist_id: string | null; action_type: PlannedItem['action']; positions: number[] | null }[]
  >(`select uri, playlist_id, action_type, positions from plan_items where plan_id = ? and included order by seq`, [
    planId,
  ]);
  const items = rows.map((row) => ({
    uri: row.uri,
    playlistProviderId: row.playlist_id,
    action: row.action_type,
    positions: row.positions,
    included: true,
  }));
  const { providerCalls, estimatedSeconds } = await estimateRun(tx, planId, items, at);
  await tx.execute(`update plans set provider_calls = ?, estimated_seconds = ?, version = version + 1 where id = ?`, [
    providerCalls,
    estimatedSeconds,
    planId,
  ]);
}

/** In the library that the plan is made from. */
async function listLengths(em: EntityManager, planId: string): Promise<ListLengths> {
  const [row] = await em.execute<ListLengths[]>(
    `select coalesce(sum(l.length) filter (where l.kind = 'follows'), 0)::int as follows, (count(*) filter (where l.kind = 'playlist'))::int as playlists
     from plans p join library_parts l on l.generation_id = p.generation_id and l.kind in ('follows', 'playlist') where p.id = ?`,
    [planId],
  );
  return row ?? { follows: 0, playlists: 0 };
}
