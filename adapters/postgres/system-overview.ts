import { isSuspended } from './suspensions';
import type { EntityManager } from './orm';

/** Hours that "lately" means. */
export const recentHours = 24;
const lately = `now() - interval '${recentHours} hours'`;

export interface SystemOverview {
  people: { total: number; joinedLately: number; connected: number; suspended: number };
  connections: { provider: string; health: string; count: number }[];
  runs: { open: { status: string; count: number }[]; endedLately: { status: string; count: number }[] };
  jobs: {
    open: { type: string; status: string; count: number }[];
    failedLately: { type: string; code: string; count: number }[];
  };
  /** The last migration that was applied, and PostgreSQL's own version. */
  versions: { schema: string; postgres: string };
}

/** How the system stands now. Call it in a transaction that sees one moment, so that its parts fit each other. */
export async function systemOverview(em: EntityManager): Promise<SystemOverview> {
  const [people] = await em.execute<SystemOverview['people'][]>(
    `select count(*)::int as total, count(*) filter (where created_at > ${lately})::int as "joinedLately",
       count(*) filter (where exists (select from connections c where c.user_id = users.id and c.disconnecting_since is null))::int as connected,
       count(*) filter (where ${isSuspended('users.id')})::int as suspended
     from users where merged_into is null`,
  );
  const connections = await em.execute<SystemOverview['connections']>(
    `select provider, health, count(*)::int as count from connections where disconnecting_since is null group by 1, 2 order by 1, 2`,
  );
  const runs = (which: string) =>
    em.execute<{ status: string; count: number }[]>(
      `select status, count(*)::int as count from runs where ${which} group by 1 order by 1`,
    );
  const jobs = {
    open: await em.execute<SystemOverview['jobs']['open']>(
      `select type, status, count(*)::int as count from jobs where finished_at is null group by 1, 2 order by 1, 2`,
    ),
    failedLately: await em.execute<SystemOverview['jobs']['failedLately']>(
      `select type, coalesce(failure_code, 'internal_error') as code, count(*)::int as count from jobs
       where status = 'failed' and finished_at > ${lately} group by 1, 2 order by 3 desc, 1, 2`,
    ),
  };
  const [versions] = await em.execute<SystemOverview['versions'][]>(
    `select (select max(name) from mikro_orm_migrations) as schema, current_setting('server_version') as postgres`,
  );
  return {
    people: people!,
    connections,
    runs: { open: await runs(`finished_at is null`), endedLately: await runs(`finished_at > ${lately}`) },
    jobs,
    versions: versions!,
  };
}
