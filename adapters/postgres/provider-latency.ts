import type { EntityManager, MikroORM } from './orm';

/** Folds a measurement into the moving average of a quota's calls (milliseconds), waits at its gate included. */
export async function noteLatency(em: EntityManager, quota: string, milliseconds: number): Promise<void> {
  await em.execute(`update provider_gates set latency_ms = coalesce(latency_ms * 0.8 + ? * 0.2, ?) where quota = ?`, [
    milliseconds,
    milliseconds,
    quota,
  ]);
}

export interface LatencyNotes {
  /** Takes note of one call: what the provider needed for it, without waits at the gate. Only answered ones count. */
  note(provider: string, call: { endpoint: string; outcome: string; seconds: number }): void;
  /** Writes down what was noted since the last time. Never throws: a lost measurement is no harm. */
  flush(): Promise<void>;
}

/** Milliseconds for which measurements are collected before they are written, many calls in one statement. */
const collectFor = 1_000;
/** What of an average is left after one further call. */
const keptPerCall = 0.95;

/** Measures the calls of this process, by provider and endpoint, into a moving average that all processes share. */
export function createLatencyNotes(orm: MikroORM): LatencyNotes {
  let noted = new Map<string, { provider: string; endpoint: string; calls: number; seconds: number }>();
  let timer: NodeJS.Timeout | null = null;

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    // In one order everywhere, so that two processes never wait for each other's rows.
    const rows = [...noted].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
    noted = new Map();
    if (rows.length === 0) return;
    const measured = rows.map(({ seconds, ...row }) => ({ ...row, ms: (seconds * 1000) / row.calls }));
    try {
      await orm.em.fork().execute(
        `insert into provider_latencies as l (provider, endpoint, latency_ms, calls, updated_at)
         select provider, endpoint, ms, calls, now() from jsonb_to_recordset(?::jsonb) as m(provider text, endpoint text, ms float8, calls int)
         on conflict (provider, endpoint) do update set calls = l.calls + excluded.calls, updated_at = now(),
           latency_ms = l.latency_ms * power(?::float8, excluded.calls) + excluded.latency_ms * (1 - power(?::float8, excluded.calls))`,
        [JSON.stringify(measured), keptPerCall, keptPerCall],
      );
    } catch {
      // The next calls are measured again.
    }
  }

  return {
    note(provider, { endpoint, outcome, seconds }) {
      if (outcome !== 'ok') return;
      const key = `${provider} ${endpoint}`;
      const row = noted.get(key) ?? { provider, endpoint, calls: 0, seconds: 0 };
      noted.set(key, { ...row, calls: row.calls + 1, seconds: row.seconds + seconds });
      timer ??= setTimeout(() => void flush(), collectFor).unref();
    },
    flush,
  };
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
