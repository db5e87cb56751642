import type { GateState } from '../providers/gate';
import type { EntityManager } from './orm';
import type { GateRate } from './provider-gate-leases';

export async function createGateRow(em: EntityManager, quota: string, provider: string, rate: GateRate): Promise<void> {
  await em.execute(
    `insert into provider_gates (quota, provider, tokens, refilled_at) values (?, ?, ?, clock_timestamp())
     on conflict (quota) do nothing`,
    [quota, provider, rate.burst],
  );
}

/**
 * Closes the gate for as long as the provider said, and a little longer: a call right at the end of a ban has been seen
 * to start a new one. A shorter closing never replaces a longer one.
 */
export async function closeGate(
  em: EntityManager,
  quota: string,
  provider: string,
  retryAfterSeconds: number,
): Promise<void> {
  const jitterSeconds = Math.random() * Math.min(5, retryAfterSeconds / 10);
  await em.execute(
    `insert into provider_gates as g (quota, provider, tokens, closed_until, last_retry_after)
     values (?, ?, 0, clock_timestamp() + make_interval(secs => ?), ?)
     on conflict (quota) do update
        set tokens = 0, refilled_at = clock_timestamp(), half_open = false, probe_until = null,
            closed_until = greatest(g.closed_until, excluded.closed_until),
            last_retry_after = excluded.last_retry_after, updated_at = clock_timestamp()`,
    [quota, provider, retryAfterSeconds + jitterSeconds, retryAfterSeconds],
  );
}

/** The probe came back well: opens the gate, slowly. Does nothing where a 429 has closed it again. */
export async function endProbe(em: EntityManager, quota: string): Promise<void> {
  await em.execute(
    `update provider_gates
        set half_open = false, probe_until = null, tokens = 1, refilled_at = clock_timestamp(), updated_at = clock_timestamp()
      where quota = ? and half_open`,
    [quota],
  );
}

/** A quota that nobody has used is open. */
export async function readGate(em: EntityManager, quota: string, rate: GateRate): Promise<GateState> {
  const [row] = await em.execute<
    {
      closed_by_admin: boolean;
      closed_until: string | null;
      closed: boolean | null;
      half_open: boolean;
      available: string;
    }[]
  >(
    `select closed_by_admin, closed_until, closed_until > clock_timestamp() as closed,
            half_open or closed_until is not null as half_open,
            least(?::float8, tokens + ?::float8 * greatest(0, extract(epoch from clock_timestamp() - refilled_at)::float8)) as available
       from provider_gates where quota = ?`,
    [rate.burst, rate.callsPerSecond, quota],
  );
  if (!row) return { state: 'open', closedUntil: null, closedByAdmin: false, tokens: rate.burst };
  const closed = row.closed_by_admin || row.closed === true;
  return {
    state: closed ? 'closed' : row.half_open ? 'half_open' : 'open',
    closedUntil: row.closed && row.closed_until ? new Date(row.closed_until) : null,
    closedByAdmin: row.closed_by_admin,
    tokens: closed || row.half_open ? 0 : Number(row.available),
  };
}
