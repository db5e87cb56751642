import type { EntityManager } from './orm';

export interface GateRate {
  callsPerSecond: number;
  /** Calls that pile up while nobody asks. */
  burst: number;
  /** Most calls of one lease for one party. */
  leaseSize: number;
}

/** Somebody who waits for calls: a connection, or nobody in particular; and how many calls. */
export interface Waiting {
  party: string;
  wanted: number;
}

export interface Lease {
  /** `probe` is the one call that tries a closed gate; `probing` means that another process makes it now. */
  verdict: 'open' | 'empty' | 'probe' | 'probing' | 'closed' | 'operator';
  /** Calls given out, by party. */
  calls: Map<string, number>;
  /** Calls, parts of one included, that must come in before the next one for anybody who asked and was given none. */
  short: number;
  closedForSeconds: number;
}

/** After this a probe that nobody reported on is made again. Longer than any provider call may take. */
const PROBE_SECONDS = 70;
/** For how long somebody who asked keeps their turn without asking again. Processes ask several times a second. */
const STANDING_SECONDS = 1.5;

/**
 * Takes some calls for those who wait in this process, or learns why there are none; null where the quota has no row yet. Whoever
 * waits, in whatever process, is in one line for each quota: who was served longest ago comes first, and each has as many calls as
 * the others. What is somebody else's turn stays where it is until they come for it.
 */
export async function leaseCalls(
  em: EntityManager,
  quota: string,
  rate: GateRate,
  asked: readonly Waiting[],
): Promise<Lease | null> {
  return em.transactional(async (tx) => {
    // The statement after this one sees everything that whoever held the row has written.
    const gates = await tx.execute<{ quota: string }[]>(`select quota from provider_gates where quota = ? for update`, [
      quota,
    ]);
    if (gates.length === 0) return null;
    const rows = await tx.execute<
      { verdict: Lease['verdict']; party: string; calls: string; short: string; closed_for: string | null }[]
    >(
      `with asked as (
         select party, wanted from jsonb_to_recordset(?::jsonb) as a(party uuid, wanted int)
       ), seen as (
         select *, clock_timestamp() as at,
                least(?::float8, tokens + ?::float8 * greatest(0, extract(epoch from clock_timestamp() - refilled_at)::float8)) as available
           from provider_gates where quota = ?
       ), judged as (
         select *, case
             when closed_by_admin then 'operator'
             when closed_until > at then 'closed'
             when half_open and probe_until > at then 'probing'
             when half_open or closed_until is not null then 'probe'
             when available >= 1 then 'open'
             else 'empty' end as verdict
           from seen
       ), line as (
         select a.party, a.wanted, t.served_at from asked a left join provider_gate_turns t on t.quota = ? and t.party = a.party
         union all
         select t.party, null, t.served_at from provider_gate_turns t, seen
          where t.quota = seen.quota and t.wanted_until > seen.at and t.party not in (select party from asked)
       ), placed as (
         select party, wanted, row_number() over (order by served_at nulls first, party) as place,
                row_number() over (order by wanted is null, served_at nulls first, party) as place_here, count(*) over () as parties
           from line
       ), shared as (
         select party, wanted, case verdict
             when 'open' then least(?::int, floor(available)::int / parties + case when place <= floor(available)::int % parties then 1 else 0 end)
             when 'probe' then case when place_here = 1 then 1 else 0 end
             else 0 end as calls, greatest(0, place - available) as short
           from placed, judged where wanted is not null
       ), turns as (
         insert into provider_gate_turns as t (quota, party, served_at, wanted_until)
         select seen.quota, party, case when calls > 0 then at end, case when calls < wanted then at + make_interval(secs => ?) end from shared, seen
         on conflict (quota, party) do update set served_at = coalesce(excluded.served_at, t.served_at), wanted_until = excluded.wanted_until
       ), changed as (
         update provider_gates g
            set tokens = case when verdict in ('open', 'empty') then available - (select coalesce(sum(calls), 0) from shared) else 0 end,
                refilled_at = at,
                half_open = verdict = 'probe' or g.half_open,
                closed_until = case when verdict = 'probe' then null else g.closed_until end,
                probe_until = case when verdict = 'probe' then at + make_interval(secs => ?) else g.probe_until end,
                updated_at = at
           from judged where g.quota = judged.quota
       )
       select verdict, party, calls, short, extract(epoch from closed_until - at) as closed_for from judged left join shared on true`,
      [
        JSON.stringify(asked),
        rate.burst,
        rate.callsPerSecond,
        quota,
        quota,
        rate.leaseSize,
        STANDING_SECONDS,
        PROBE_SECONDS,
      ],
    );
    const shares = rows.map(({ party, calls, short }) => ({ party, calls: Number(calls), short: Number(short) }));
    const without = shares.filter(({ calls }) => calls === 0).map(({ short }) => short);
    return {
      verdict: rows[0]?.verdict ?? 'empty',
      calls: new Map(shares.flatMap(({ party, calls }) => (calls > 0 ? [[party, calls]] : []))),
      short: without.length > 0 ? Math.min(...without) : 0,
      closedForSeconds: Number(rows[0]?.closed_for ?? 0),
    };
  });
}

/** Forgets who stood in line long ago; they come as somebody new. */
export async function forgetTurns(em: EntityManager): Promise<void> {
  await em.execute(
    `delete from provider_gate_turns where coalesce(wanted_until, served_at) < clock_timestamp() - interval '10 minutes'`,
  );
}
