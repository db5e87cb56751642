import type { EntityManager } from './orm';

/** Folds a measurement into the moving average of a quota's calls (milliseconds). */
export async function noteLatency(em: EntityManager, quota: string, milliseconds: number): Promise<void> {
  await em.execute(`update provider_gates set latency_ms = coalesce(latency_ms * 0.8 + ? * 0.2, ?) where quota = ?`, [
    milliseconds,
    milliseconds,
    quota,
  ]);
}

/** The measured latency of a quota's calls in milliseconds; null before the first. */
export async function measuredLatency(em: EntityManager, quota: string): Promise<number | null> {
  const rows = await em.execute<{ latency_ms: number | null }[]>(
    `select latency_ms from provider_gates where quota = ?`,
    [quota],
  );
  return rows[0]?.latency_ms ?? null;
}
