import type { EntityManager } from './orm';

export interface GateRow {
  quota: string;
  provider: string;
  state: 'open' | 'half_open' | 'closed';
  /** When it may be tried again, where a provider closed it for a known time. */
  closedUntil: Date | null;
  closedByAdmin: boolean;
  /** Seconds that the provider last asked us to wait. */
  lastRetryAfter: number | null;
  /** How long a call takes on average, in milliseconds; null before the first. */
  latencyMs: number | null;
}

/** The gates of a provider's quotas, by name. A quota that nobody has used and no operator has named has none. */
export async function listGates(em: EntityManager, provider: string): Promise<GateRow[]> {
  const rows = await em.execute<
    {
      quota: string;
      provider: string;
      closed_by_admin: boolean;
      closed_until: string | null;
      closed: boolean | null;
      half_open: boolean;
      last_retry_after: number | null;
      latency_ms: number | null;
    }[]
  >(
    `select quota, provider, closed_by_admin, closed_until, closed_until > clock_timestamp() as closed,
            half_open or closed_until is not null as half_open, last_retry_after, latency_ms
       from provider_gates where provider = ? order by quota`,
    [provider],
  );
  return rows.map((row) => {
    const closed = row.closed_by_admin || row.closed === true;
    return {
      quota: row.quota,
      provider: row.provider,
      state: closed ? 'closed' : row.half_open ? 'half_open' : 'open',
      closedUntil: row.closed === true && row.closed_until !== null ? new Date(row.closed_until) : null,
      closedByAdmin: row.closed_by_admin,
      lastRetryAfter: row.last_retry_after,
      latencyMs: row.latency_ms,
    };
  });
}

/** The quotas that a provider's connections use, people's own apps' included, whether or not a call was made yet. */
export async function quotasOfConnections(em: EntityManager, provider: string): Promise<string[]> {
  const rows = await em.execute<{ quota: string }[]>(`select distinct quota from connections where provider = ?`, [
    provider,
  ]);
  return rows.map(({ quota }) => quota);
}

/**
 * Closes quotas by hand until they are opened by hand. Calls that a process has leased before go out for two seconds more.
 */
export async function closeByHand(tx: EntityManager, provider: string, quotas: readonly string[]): Promise<void> {
  for (const quota of quotas) {
    await tx.execute(
      `insert into provider_gates as g (quota, provider, closed_by_admin) values (?, ?, true)
       on conflict (quota) do update set closed_by_admin = true, updated_at = clock_timestamp()`,
      [quota, provider],
    );
  }
}

/**
 * Opens quotas by hand, also where the provider asked for a longer wait: the next call is then a single one that tries it, and a
 * 429 closes it again.
 */
export async function openByHand(tx: EntityManager, quotas: readonly string[]): Promise<void> {
  for (const quota of quotas) {
    await tx.execute(
      `update provider_gates
          set closed_by_admin = false, closed_until = case when closed_until > clock_timestamp() then clock_timestamp() else closed_until end, updated_at = clock_timestamp()
        where quota = ?`,
      [quota],
    );
  }
}
