import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

/** What waits to be decided now. `oldestAt` is null where nothing does. */
export interface ModerationLoad {
  cases: { waiting: { state: string; count: number }[]; unclaimed: number; oldestAt: Date | null };
  appeals: { open: { state: string; count: number }[]; escalated: number; overdue: number; oldestAt: Date | null };
}

interface Waiting {
  oldest: string | null;
  unclaimed: number;
}

/** Counts it. Call it in a transaction that sees one moment, so that its parts fit each other. */
export async function moderationLoad(em: EntityManager): Promise<ModerationLoad> {
  const byState = (table: string, which: string) =>
    em.execute<{ state: string; count: number }[]>(
      `select state, count(*)::int as count from ${table} where ${which} group by 1 order by 1`,
    );
  // One for which changes were requested waits for its submitter.
  const [cases] = await em.execute<Waiting[]>(
    `select min(opened_at) as oldest, count(*) filter (where holder_id is null or held_until <= now())::int as unclaimed
     from moderation_cases where state in ('open', 'in_review')`,
  );
  const [appeals] = await em.execute<{ oldest: string | null; escalated: number; overdue: number }[]>(
    `select min(created_at) as oldest, count(*) filter (where escalation_level > 0)::int as escalated,
       count(*) filter (where deadline_at <= now())::int as overdue
     from appeals where closed_at is null`,
  );
  return {
    cases: {
      waiting: await byState('moderation_cases', `state <> 'decided'`),
      unclaimed: cases!.unclaimed,
      oldestAt: momentOf(cases!.oldest),
    },
    appeals: {
      open: await byState('appeals', `closed_at is null`),
      escalated: appeals!.escalated,
      overdue: appeals!.overdue,
      oldestAt: momentOf(appeals!.oldest),
    },
  };
}
