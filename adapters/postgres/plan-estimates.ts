import type { StreamingProvider } from '../../domain/capabilities';
import { callsAtOnce } from '../../domain/concurrency';
import type { PlannedItem } from '../../domain/planned-item';
import { estimateSeconds, runCalls, totalCalls } from '../../domain/run-calls';
import type { CallRates } from '../environment/call-rates';
import type { EntityManager } from './orm';
import { measuredLatency } from './provider-latency';

type Estimated = Pick<PlannedItem, 'uri' | 'playlistProviderId' | 'action' | 'included'>;

/** How many calls a run over the included items makes, and how many seconds that takes at the latency measured lately. */
export async function estimateRun(
  em: EntityManager,
  items: readonly Estimated[],
  { provider, callRates }: { provider: StreamingProvider; callRates: CallRates },
): Promise<{ providerCalls: number; estimatedSeconds: number }> {
  const pieces = runCalls(items);
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
  const rows = await tx.execute<{ uri: string; playlist_id: string | null; action_type: PlannedItem['action'] }[]>(
    `select uri, playlist_id, action_type from plan_items where plan_id = ? and included order by seq`,
    [planId],
  );
  const items = rows.map((row) => ({
    uri: row.uri,
    playlistProviderId: row.playlist_id,
    action: row.action_type,
    included: true,
  }));
  const { providerCalls, estimatedSeconds } = await estimateRun(tx, items, at);
  await tx.execute(`update plans set provider_calls = ?, estimated_seconds = ?, version = version + 1 where id = ?`, [
    providerCalls,
    estimatedSeconds,
    planId,
  ]);
}
