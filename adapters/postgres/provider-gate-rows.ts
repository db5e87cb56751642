import type { GateState } from '../providers/gate';
import type { EntityManager } from './orm';

export interface GateRate {
  callsPerSecond: number;
  /** Calls that pile up while nobody asks. */
  burst: number;
  /** Most calls of one lease. */
  leaseSize: number;
}

export interface Lease {
  /** `probe` is the one call that tries a closed gate; `probing` means that another process makes it now. */
  verdict: 'open' | 'empty' | 'probe' | 'probing' | 'closed' | 'operator';
  calls: number;
  /** Calls, and parts of one, that were there before this lease. */
  available: number;
  closedForSeconds: number;
}

/** After this a probe that nobody reported on is made again. Longer than any provider call may take. */
const PROBE_SECONDS = 70;

/** Takes some calls, or learns why there are none. One statement; null where the quota has no row yet. */
export async function leaseCalls(em: EntityManager, quota: string, rate: GateRate): Promise<Lease | null> {
  const [row] = await em.execute<
    { verdict: Lease['verdict']; calls: string; available: string; closed_for: string | null }[]
  >(
    `with seen as (
       select quota, closed_by_admin, closed_until, half_open, probe_until, clock_timestamp() as at,
              least(?::float8, tokens + ?::float8 * greatest(0, extract(epoch from clock_timestamp() - refilled_at)::float8)) as available
         from provider_gates where quota = ? for update
     ), judged as (
       select *, case
           when closed_by_admin then 'operator'
           when closed_until > at then 'closed'
           when half_open and probe_until > at then 'probing'
           when half_open or closed_until is not null then 'probe'
           when available >= 1 then 'open'
           else 'empty' end as verdict
         from seen
     ), granted as (
       select *, case verdict when 'open' then least(?::float8, floor(available)) when 'probe' then 1 else 0 end as calls
         from judged
     )
     update provider_gates g
        set tokens = case when verdict in ('open', 'empty') then available - calls else 0 end,
            refilled_at = at,
            half_open = verdict = 'probe' or g.half_open,
            closed_until = case when verdict = 'probe' then null else g.closed_until end,
            probe_until = case when verdict = 'probe' then at + make_interval(secs => ?) else g.probe_until end,
            updated_at = at
       from granted where g.quota = granted.quota
     returning verdict, calls, available, extract(epoch from g.closed_until - at) as closed_for`,
    [rate.burst, rate.callsPerSecond, quota, rate.leaseSize, PROBE_SECONDS],
  );
  if (!row) return null;
  return {
    verdict: row.verdict,
    calls: Number(row.calls),
    available: Number(row.available),
    closedForSeconds: Number(row.closed_for ?? 0),
  };
}

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
