import type { StreamingProvider } from '../../domain/capabilities';
import type { EntityManager } from './orm';

/** A plan as its person sees it; `status` is `expired` for one whose time ran out before it was carried out. */
export interface PlanRow {
  id: string;
  connectionId: string;
  provider: StreamingProvider;
  /** The app that its connection was consented to. */
  clientId: string;
  jobId: string;
  preset: string;
  switches: Record<string, boolean>;
  onFailure: string;
  status: string;
  staleReasons: string[];
  failureCode: string | null;
  /** The library that it was made from; null before that. */
  generationId: string | null;
  /** The library of a file, in a plan that restores from one. */
  fileGenerationId: string | null;
  /** When that library was read, as the file says; null where it does not. */
  fileSyncedAt: Date | null;
  providerCalls: number;
  /** With the time until a closed gate opens, where there is anything to call for. */
  estimatedSeconds: number;
  runId: string | null;
  version: number;
  createdAt: Date;
  readyAt: Date | null;
  expiresAt: Date;
  /** Own blocks made since the plan was ready: it knows nothing of them. */
  newBlocksSince: number;
  /** Whether nothing was ever changed through its connection. */
  beforeFirstRun: boolean;
}

interface RawPlan {
  id: string;
  connection_id: string;
  provider: StreamingProvider;
  client_id: string;
  job_id: string;
  preset: string;
  switches: Record<string, boolean>;
  on_failure: string;
  shown_status: string;
  stale_reasons: string[];
  failure_code: string | null;
  generation_id: string | null;
  file_generation_id: string | null;
  file_synced_at: string | null;
  provider_calls: number;
  estimated_seconds: number;
  run_id: string | null;
  version: number;
  created_at: string;
  ready_at: string | null;
  expires_at: string;
  new_blocks: string;
  before_first_run: boolean;
}

const shownStatus = `case when p.status in ('ready', 'stale') and p.expires_at <= now() then 'expired' else p.status end`;
/** Seconds for which the provider has closed the gate of the connection's quota. What an operator closed has no end to tell. */
const closedFor = `(select coalesce(max(greatest(0, ceil(extract(epoch from g.closed_until - now())))), 0)::int from provider_gates g where g.quota = c.quota)`;
const columns = `p.id, p.connection_id, p.job_id, p.preset, p.switches, p.on_failure, p.stale_reasons, p.failure_code, p.generation_id, p.file_generation_id, p.provider_calls,
  (select g.published_at from library_generations g where g.id = p.file_generation_id) as file_synced_at,
  p.estimated_seconds + case when p.provider_calls > 0 then ${closedFor} else 0 end as estimated_seconds, p.run_id, p.version, p.created_at, p.ready_at, p.expires_at,
  ${shownStatus} as shown_status, c.provider, c.client_id,
  (select count(*) from blocks b where b.user_id = p.user_id and b.created_at > p.ready_at) as new_blocks,
  not exists (select from runs r where r.connection_id = p.connection_id) as before_first_run`;

const planOf = (row: RawPlan): PlanRow => ({
  id: row.id,
  connectionId: row.connection_id,
  provider: row.provider,
  clientId: row.client_id,
  jobId: row.job_id,
  preset: row.preset,
  switches: row.switches,
  onFailure: row.on_failure,
  status: row.shown_status,
  staleReasons: row.stale_reasons,
  failureCode: row.failure_code,
  generationId: row.generation_id,
  fileGenerationId: row.file_generation_id,
  fileSyncedAt: row.file_synced_at === null ? null : new Date(row.file_synced_at),
  providerCalls: row.provider_calls,
  estimatedSeconds: row.estimated_seconds,
  runId: row.run_id,
  version: row.version,
  createdAt: new Date(row.created_at),
  readyAt: row.ready_at === null ? null : new Date(row.ready_at),
  expiresAt: new Date(row.expires_at),
  newBlocksSince: Number(row.new_blocks),
  beforeFirstRun: row.before_first_run,
});

/** A person's plans, newest first, after the one named: all, those of a connection, those shown in a status. */
export async function listPlans(
  em: EntityManager,
  {
    userId,
    connectionId,
    status,
    limit,
    after,
  }: { userId: string; connectionId: string | null; status: string | null; limit: number; after: string | null },
): Promise<PlanRow[]> {
  const rows = await em.execute<RawPlan[]>(
    `select ${columns} from plans p join connections c on c.id = p.connection_id where p.user_id = ? and (?::uuid is null or p.connection_id = ?::uuid)
       and (?::text is null or ${shownStatus} = ?) and (?::uuid is null or p.id < ?::uuid) order by p.id desc limit ?`,
    [userId, connectionId, connectionId, status, status, after, after, limit],
  );
  return rows.map(planOf);
}

/** One plan of a person's; null where it is nobody's or somebody else's. */
export async function findPlan(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<PlanRow | null> {
  const rows = await em.execute<RawPlan[]>(
    `select ${columns} from plans p join connections c on c.id = p.connection_id where p.id = ? and p.user_id = ?`,
    [id, userId],
  );
  return rows[0] ? planOf(rows[0]) : null;
}

/** The same with its row locked until the commit. */
export async function lockPlan(
  tx: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<PlanRow | null> {
  await tx.execute(`select id from plans where id = ? and user_id = ? for update`, [id, userId]);
  return findPlan(tx, { userId, id });
}

/** `byType` counts all items; `byLoss` counts the included ones, each under every loss it has. */
export interface PlanCounts {
  total: number;
  included: number;
  byType: Record<string, number>;
  byLoss: Record<string, number>;
}

/** Counts of each plan, from its items. */
export async function countPlanItems(em: EntityManager, planIds: readonly string[]): Promise<Map<string, PlanCounts>> {
  const counts = new Map(
    planIds.map((id): [string, PlanCounts] => [id, { total: 0, included: 0, byType: {}, byLoss: {} }]),
  );
  const ids = JSON.stringify(planIds);
  const groups = await em.execute<{ plan_id: string; item_type: string; total: string; included: string }[]>(
    `select plan_id, item_type, count(*) as total, count(*) filter (where included) as included from plan_items
     where plan_id in (select (jsonb_array_elements_text(?::jsonb))::uuid) group by plan_id, item_type order by item_type`,
    [ids],
  );
  for (const group of groups) {
    const of = counts.get(group.plan_id)!;
    of.total += Number(group.total);
    of.included += Number(group.included);
    of.byType[group.item_type] = Number(group.total);
  }
  const losses = await em.execute<{ plan_id: string; loss: string; count: string }[]>(
    `select plan_id, loss, count(*) as count from plan_items i, unnest(i.losses) as loss
     where plan_id in (select (jsonb_array_elements_text(?::jsonb))::uuid) and included group by plan_id, loss order by loss`,
    [ids],
  );
  for (const { plan_id: planId, loss, count } of losses) counts.get(planId)!.byLoss[loss] = Number(count);
  return counts;
}
