import type { EntityManager } from './orm';

/** Folds a measurement into the moving average of a quota's calls (milliseconds), waits at its gate included. */
export async function noteLatency(em: EntityManager, quota: string, milliseconds: number): Promise<void> {
  await em.execute(`update provider_gates set latency_ms = coalesce(latency_ms * 0.8 + ? * 0.2, ?) where quota = ?`, [
    milliseconds,
    milliseconds,
    quota,
  ]);
}

/** What of an average is left after one further call. */
const keptPerCall = 0.95;

/** So many calls of a kind, how long they took together. */
export interface MeasuredCalls {
  provider: string;
  endpoint: string;
  calls: number;
  seconds: number;
}

/** Folds measurements into the moving averages that all processes share, by provider and endpoint. */
export async function foldLatencies(em: EntityManager, measured: readonly MeasuredCalls[]): Promise<void> {
  if (measured.length === 0) return;
  await em.execute(
    `insert into provider_latencies as l (provider, endpoint, latency_ms, calls, updated_at)
     select provider, endpoint, seconds * 1000 / calls, calls, now()
     from jsonb_to_recordset(?::jsonb) as m(provider text, endpoint text, seconds float8, calls int)
     on conflict (provider, endpoint) do update set calls = l.calls + excluded.calls, updated_at = now(),
       latency_ms = l.latency_ms * power(?::float8, excluded.calls) + excluded.latency_ms * (1 - power(?::float8, excluded.calls))`,
    [JSON.stringify(measured), keptPerCall, keptPerCall],
  );
}

/** Milliseconds a call is taken to last before any of its provider's was measured. */
const assumedLatency = 150;

/** How many milliseconds a call of each kind takes at a provider; one never measured, as many as the others on average. */
export async function measuredLatency(em: EntityManager, provider: string): Promise<(endpoint: string) => number> {
  const rows = await em.execute<{ endpoint: string; latency_ms: number }[]>(
    `select endpoint, latency_ms from provider_latencies where provider = ?`,
    [provider],
  );
  const known = new Map(rows.map((row) => [row.endpoint, row.latency_ms]));
  const average = rows.reduce((sum, row) => sum + row.latency_ms, 0) / rows.length;
  return (endpoint) => known.get(endpoint) ?? (rows.length > 0 ? average : assumedLatency);
}
