import type { FlowPurpose } from '../../domain/oauth-flows';
import { codeLost } from '../../domain/oauth-flows';
import type { EntityManager } from './orm';

/** What became of the flows of one provider and purpose. `started` is the sum of what follows it, restarts apart. */
export interface FlowCounts {
  provider: string;
  purpose: FlowPurpose;
  /** By a person; a flow that was started again by itself counts once. */
  started: number;
  /** Ended well, a sign-in with its session handed out. */
  completed: number;
  /** Sign-ins that ended well after their browser had left. */
  undelivered: number;
  failed: { code: string; count: number }[];
  /** Nobody came back within the flow's ten minutes. */
  abandoned: number;
  open: number;
  /** Started again by themselves, since a code was spent by an answer that got lost. */
  restarts: number;
}

/** Counts the flows that were started in the last days, by provider and purpose. */
export async function countFlows(em: EntityManager, days: number): Promise<FlowCounts[]> {
  const since = `created_at > now() - make_interval(days => ?)`;
  const [rows, failures] = await Promise.all([
    em.execute<Omit<FlowCounts, 'failed'>[]>(
      `select provider, purpose,
         count(*) filter (where restarts = 0)::int as started,
         count(*) filter (where status = 'delivered' or (status = 'succeeded' and purpose <> 'sign_in'))::int as completed,
         count(*) filter (where status = 'succeeded' and purpose = 'sign_in')::int as undelivered,
         count(*) filter (where status = 'abandoned' or (status = 'started' and expires_at <= now()))::int as abandoned,
         count(*) filter (where status = 'claimed' or (status = 'started' and expires_at > now()))::int as open,
         count(*) filter (where restarts > 0)::int as restarts
       from oauth_transactions where ${since} group by provider, purpose order by provider, purpose`,
      [days],
    ),
    em.execute<{ provider: string; purpose: string; code: string; count: number }[]>(
      `select provider, purpose, coalesce(error_code, 'internal_error') as code, count(*)::int as count
       from oauth_transactions where ${since} and status = 'failed' group by 1, 2, 3 order by 4 desc, 3`,
      [days],
    ),
  ]);
  return rows.map((row) => ({
    ...row,
    failed: failures
      .filter(({ provider, purpose }) => provider === row.provider && purpose === row.purpose)
      .map(({ code, count }) => ({ code, count: code === codeLost ? count - row.restarts : count }))
      .filter(({ count }) => count > 0),
  }));
}
