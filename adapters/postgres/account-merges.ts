import { offerMinutes, type MergeStatus } from '../../domain/account-merges';
import { audit } from './audit';
import { newId } from './ids';
import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

/**
 * Offers a person (the survivor) to take over what another one (the absorbed) has, after a flow proved that both are theirs.
 * One flow makes one offer, also when its step is repeated. Returns the offer's id; its audit row is in the caller's transaction.
 */
export async function offerMerge(
  em: EntityManager,
  offer: { survivorId: string; absorbedId: string; flowId: string; requestId?: string | null },
): Promise<string> {
  const id = newId();
  const made = await em.execute<{ id: string }[]>(
    `insert into account_merges (id, survivor_id, absorbed_id, flow_id, status, created_at, expires_at)
     values (?, ?, ?, ?, 'offered', now(), now() + make_interval(mins => ?)) on conflict (flow_id) do nothing returning id`,
    [id, offer.survivorId, offer.absorbedId, offer.flowId, offerMinutes],
  );
  if (made.length === 0) {
    const [known] = await em.execute<{ id: string }[]>(`select id from account_merges where flow_id = ?`, [
      offer.flowId,
    ]);
    return known?.id ?? id;
  }
  audit(em, {
    actorId: offer.survivorId,
    event: 'account_merge.offered',
    outcome: 'done',
    subjectType: 'account_merge',
    subjectId: id,
    requestId: offer.requestId ?? null,
  });
  return id;
}

/** A merge as its survivor sees it. */
export interface MergeRow {
  id: string;
  survivorId: string;
  absorbedId: string;
  status: MergeStatus;
  jobId: string | null;
  undoJobId: string | null;
  failureCode: string | null;
  createdAt: Date;
  expiresAt: Date;
  mergedAt: Date | null;
  undoUntil: Date | null;
  /** Whether the time to confirm it is over, by the database's clock. */
  offerOver: boolean;
  /** Whether the time to undo it is over. */
  undoOver: boolean;
}

interface RawMerge {
  id: string;
  survivor_id: string;
  absorbed_id: string;
  status: MergeStatus;
  job_id: string | null;
  undo_job_id: string | null;
  failure_code: string | null;
  created_at: string;
  expires_at: string;
  merged_at: string | null;
  undo_until: string | null;
  offer_over: boolean;
  undo_over: boolean;
}

const columns = `id, survivor_id, absorbed_id, status, job_id, undo_job_id, failure_code, created_at, expires_at, merged_at, undo_until,
  expires_at <= now() as offer_over, coalesce(undo_until <= now(), false) as undo_over`;

const mergeOf = (row: RawMerge): MergeRow => ({
  id: row.id,
  survivorId: row.survivor_id,
  absorbedId: row.absorbed_id,
  status: row.status,
  jobId: row.job_id,
  undoJobId: row.undo_job_id,
  failureCode: row.failure_code,
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
  mergedAt: momentOf(row.merged_at),
  undoUntil: momentOf(row.undo_until),
  offerOver: row.offer_over,
  undoOver: row.undo_over,
});

/** A merge that a person was offered; null where it is nobody's or was offered to somebody else. */
export async function findMerge(
  em: EntityManager,
  { survivorId, id }: { survivorId: string; id: string },
): Promise<MergeRow | null> {
  const [row] = await em.execute<RawMerge[]>(`select ${columns} from account_merges where id = ? and survivor_id = ?`, [
    id,
    survivorId,
  ]);
  return row ? mergeOf(row) : null;
}

/** A merge with its row locked until the commit; null where there is none. */
export async function lockMerge(tx: EntityManager, id: string): Promise<MergeRow | null> {
  const [row] = await tx.execute<RawMerge[]>(`select ${columns} from account_merges where id = ? for update`, [id]);
  return row ? mergeOf(row) : null;
}

/** What one side holds. */
export interface Holdings {
  identities: number;
  connections: number;
  blocks: number;
  plans: number;
  runs: number;
  tokens: number;
}

export async function countHoldings(em: EntityManager, userId: string): Promise<Holdings> {
  const count = (table: string) => `(select count(*)::int from ${table} t where t.user_id = u.id) as ${table}`;
  const [row] = await em.execute<(Omit<Holdings, 'tokens'> & { personal_tokens: number })[]>(
    `select ${['identities', 'connections', 'blocks', 'plans', 'runs', 'personal_tokens'].map(count).join(', ')}
     from users u where u.id = ?`,
    [userId],
  );
  const { personal_tokens: tokens = 0, ...rest } = row ?? {};
  return { identities: 0, connections: 0, blocks: 0, plans: 0, runs: 0, ...rest, tokens };
}
