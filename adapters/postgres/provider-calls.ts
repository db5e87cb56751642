import type { EntityManager, MikroORM } from './orm';
import { foldLatencies, type MeasuredCalls } from './provider-latency';

export interface CallNotes {
  /** Takes note of one call: how it ended, and what the provider needed for it, without waits at the gate. */
  note(provider: string, call: { endpoint: string; outcome: string; seconds: number }): void;
  /** Writes down what was noted since the last time. Never throws: a lost measurement is no harm. */
  flush(): Promise<void>;
}

/** Milliseconds for which calls are collected before they are written, many in one statement. */
const collectFor = 1_000;

type NotedCalls = MeasuredCalls & { outcome: string };

/**
 * Counts the calls of this process by provider, endpoint and outcome into hours that all processes share, and measures those that
 * were answered into the moving averages.
 */
export function createCallNotes(orm: MikroORM): CallNotes {
  let noted = new Map<string, NotedCalls>();
  let timer: NodeJS.Timeout | null = null;

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    // In one order everywhere, so that two processes never wait for each other's rows.
    const rows = [...noted].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
    noted = new Map();
    if (rows.length === 0) return;
    const em = orm.em.fork();
    try {
      await foldLatencies(
        em,
        rows.filter(({ outcome }) => outcome === 'ok'),
      );
      await addToHour(em, rows);
    } catch {
      // The next calls are noted again.
    }
  }

  return {
    note(provider, { endpoint, outcome, seconds }) {
      const key = `${provider} ${endpoint} ${outcome}`;
      const row = noted.get(key) ?? { provider, endpoint, outcome, calls: 0, seconds: 0 };
      noted.set(key, { ...row, calls: row.calls + 1, seconds: row.seconds + seconds });
      timer ??= setTimeout(() => void flush(), collectFor).unref();
    },
    flush,
  };
}

async function addToHour(em: EntityManager, rows: readonly NotedCalls[]): Promise<void> {
  await em.execute(
    `insert into provider_call_hours as h (hour, provider, endpoint, outcome, calls, seconds)
     select date_trunc('hour', now(), 'UTC'), provider, endpoint, outcome, calls, seconds
     from jsonb_to_recordset(?::jsonb) as m(provider text, endpoint text, outcome text, calls int, seconds float8)
     on conflict (hour, provider, endpoint, outcome) do update set calls = h.calls + excluded.calls, seconds = h.seconds + excluded.seconds`,
    [JSON.stringify(rows)],
  );
}

/** Days for which hours are kept. */
const keptDays = 90;

export async function forgetCallHours(em: EntityManager): Promise<void> {
  await em.execute(`delete from provider_call_hours where hour < now() - make_interval(days => ?)`, [keptDays]);
}

/** How calls of a kind ended in a time; `averageMs` is how long one took. */
export interface CallsOfKind {
  provider: string;
  endpoint: string;
  outcome: string;
  calls: number;
  averageMs: number;
}

/** The calls of whole hours, the present one last; the order is by provider, endpoint and outcome. */
export async function callsOfHours(em: EntityManager, hours: number): Promise<CallsOfKind[]> {
  return em.execute<CallsOfKind[]>(
    `select provider, endpoint, outcome, sum(calls)::float8 as calls, sum(seconds) * 1000 / sum(calls) as "averageMs"
     from provider_call_hours where hour > date_trunc('hour', now(), 'UTC') - make_interval(hours => ?)
     group by 1, 2, 3 order by 1, 2, 3`,
    [hours],
  );
}
