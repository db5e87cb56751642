import { obstacleParams, undoHours } from '../../domain/account-merges';
import { DomainError } from '../../domain/errors';
import { findObstacles, lockPeople } from './account-merge-obstacles';
import { lockMerge, type MergeRow } from './account-merges';
import { addMilestone, finishJob } from './jobs';
import { noteSubscriptionsOf } from './list-growth';
import { audit } from './audit';
import type { EntityManager } from './orm';

/** Tables whose rows have an id and a person, and go to the survivor whole. What hangs on a connection goes with it. */
export const movedTables = [
  'identities',
  'connections',
  'runs',
  'plans',
  'jobs',
  'account_exports',
  'notifications',
  'webhooks',
  'track_blocks',
  'exceptions',
  'block_imports',
  'catalog_imports',
  'artist_merge_asides',
  'user_suspensions',
  'community_lists',
  'list_curators',
  'list_proposals',
  'list_subscriptions',
  'category_subscriptions',
  'offenses',
  'offense_evidence',
  'submission_mutes',
  'decision_notices',
  'withdrawal_notices',
  'reports',
  'appeals',
  'decision_drafts',
] as const;

/** Where both may have decided the same: then the survivor's row stays, and the other one stays aside. */
const sameDecision: Partial<Record<(typeof movedTables)[number], string>> = {
  track_blocks: 's.track_id = t.track_id',
  exceptions: 's.subject_type = t.subject_type and s.subject_id = t.subject_id',
  list_curators: 's.list_id = t.list_id',
  list_subscriptions: 's.list_id = t.list_id',
  category_subscriptions: 's.category = t.category',
  decision_notices: 's.decision_id = t.decision_id',
  withdrawal_notices: 's.withdrawal_id = t.withdrawal_id',
  appeals: 's.decision_id = t.decision_id',
};

/** The rows of a table that the survivor can be given, as a condition on `t`; its one value is the survivor's id. */
export const notDoubled = (table: (typeof movedTables)[number]): string =>
  `not exists (select from ${table} s where s.user_id = ? and ${sameDecision[table] ?? 'false'})`;

/** In the journal: blocks by the artist that they were given for, which no merge of artists changes, and rows that were changed without being moved. */
export const journalOf = { blocks: 'blocks', blockEnds: 'block_ends', planStates: 'plan_states' } as const;

/** The reason that plans made before a merge are stale: what is blocked differs from what they were made from. */
const staleReason = 'accounts_merged';

/**
 * Gives the survivor everything that the absorbed person has, in the caller's transaction, and writes down each row. Repeating it
 * changes nothing. Throws DomainError `merge_not_possible` where something stands in the way by now.
 */
export async function carryOutMerge(tx: EntityManager, mergeId: string): Promise<'merged' | 'nothing_to_do'> {
  const merge = await lockMerge(tx, mergeId);
  if (!merge || merge.status !== 'confirmed') return 'nothing_to_do';
  const { survivorId, absorbedId } = merge;
  await lockPeople(tx, [survivorId, absorbedId]);
  await lockHoldings(tx, merge);
  const params = obstacleParams(await findObstacles(tx, merge));
  if (params) throw new DomainError('merge_not_possible', { params });

  const ended = await endAccess(tx, merge);
  await stalePlans(tx, merge);
  for (const table of movedTables) await moveTable(tx, merge, table);
  const blocks = await moveBlocks(tx, merge);
  await noteAsides(tx, mergeId);
  // Those of lists that both go by stay with the absorbed person, and are counted once from now on.
  await noteSubscriptionsOf(tx, absorbedId, -1);
  await tx.execute(`update users set merged_into = ? where id = ?`, [survivorId, absorbedId]);
  await tx.execute(
    `update account_merges set status = 'merged', merged_at = now(), undo_until = now() + make_interval(hours => ?) where id = ?`,
    [undoHours, mergeId],
  );
  const moved = await countMoves(tx, mergeId);
  audit(tx, {
    actorId: survivorId,
    event: 'account_merge.merged',
    outcome: 'done',
    subjectType: 'account_merge',
    subjectId: mergeId,
    details: { ...moved, blocksSetAside: blocks.setAside, ...ended },
  });
  if (merge.jobId) {
    await addMilestone(tx, merge.jobId, 'accounts_merged', moved);
    await finishJob(tx, merge.jobId, 'completed');
  }
  return 'merged';
}

/** In the order in which imports are worked on and runs, rollbacks and plans are started, so that one that begins now is either seen or finds nothing. */
export async function lockHoldings(tx: EntityManager, { survivorId, absorbedId }: MergeRow): Promise<void> {
  for (const table of ['block_imports', 'catalog_imports', 'runs', 'connections', 'plans'])
    await tx.execute(`select id from ${table} where user_id in (?, ?) order by id for no key update`, [
      survivorId,
      absorbedId,
    ]);
}

/**
 * Whoever held a session or a token of the absorbed person has to sign in anew, and does so as the survivor; a sign-in whose
 * session is not handed out yet is the survivor's too. Flows that they began can't be finished without their session.
 */
async function endAccess(
  tx: EntityManager,
  { survivorId, absorbedId }: MergeRow,
): Promise<{ sessions: number; tokens: number }> {
  const gone = async (sql: string) => (await tx.execute<{ id: string }[]>(sql, [absorbedId])).length;
  const sessions = await gone(`delete from sessions where user_id = ? returning id`);
  const tokens = await gone(`delete from personal_tokens where user_id = ? returning id`);
  await tx.execute(
    `update oauth_transactions set result_user_id = ? where result_user_id = ? and status = 'succeeded'`,
    [survivorId, absorbedId],
  );
  return { sessions, tokens };
}

async function moveTable(tx: EntityManager, merge: MergeRow, table: (typeof movedTables)[number]): Promise<void> {
  await tx.execute(
    `with moved as (update ${table} t set user_id = ? where user_id = ? and ${notDoubled(table)} returning id)
     insert into account_merge_moves (merge_id, table_name, row_id) select ?, ?, id from moved`,
    [merge.survivorId, merge.absorbedId, merge.survivorId, merge.id, table],
  );
}

/**
 * Where both block an artist the survivor's block stays and the other one stays with the absorbed person, out of effect. A block
 * of the survivor's that has expired takes over the other one's end: what was kept out stays out.
 */
async function moveBlocks(tx: EntityManager, merge: MergeRow): Promise<{ setAside: number }> {
  const { id, survivorId, absorbedId } = merge;
  await tx.execute(
    `insert into account_merge_moves (merge_id, table_name, row_id, before)
     select ?, ?, coalesce(s.given_artist_id, s.artist_id), jsonb_build_object('expiresAt', s.expires_at, 'onExpiry', s.on_expiry, 'endedAt', s.ended_at, 'version', s.version)
     from blocks s join blocks a on a.artist_id = s.artist_id and a.user_id = ?
     where s.user_id = ? and s.expires_at <= now() and (a.expires_at is null or a.expires_at > now())`,
    [id, journalOf.blockEnds, absorbedId, survivorId],
  );
  await tx.execute(
    `update blocks s set expires_at = a.expires_at, on_expiry = a.on_expiry, ended_at = null, version = s.version + 1
     from blocks a join account_merge_moves m on m.merge_id = ? and m.table_name = ?
     where a.user_id = ? and s.user_id = ? and s.artist_id = a.artist_id and m.row_id = coalesce(s.given_artist_id, s.artist_id)`,
    [id, journalOf.blockEnds, absorbedId, survivorId],
  );
  await tx.execute(
    `with moved as (update blocks a set user_id = ? where a.user_id = ?
       and not exists (select from blocks s where s.user_id = ? and s.artist_id = a.artist_id) returning coalesce(a.given_artist_id, a.artist_id) as given)
     insert into account_merge_moves (merge_id, table_name, row_id) select ?, ?, given from moved`,
    [survivorId, absorbedId, survivorId, id, journalOf.blocks],
  );
  const left = await tx.execute<{ n: number }[]>(`select count(*)::int as n from blocks where user_id = ?`, [
    absorbedId,
  ]);
  return { setAside: left[0]?.n ?? 0 };
}

/** Of a decision that is set aside while two artists are one: what the journal calls it once it is put back. */
export const asideInJournal = `case s.table_name when 'blocks' then s.artist_id else (s.row->>'id')::uuid end`;

/** What was moved while it was set aside is undone also where it has been put back by then. */
async function noteAsides(tx: EntityManager, mergeId: string): Promise<void> {
  await tx.execute(
    `insert into account_merge_moves (merge_id, table_name, row_id) select m.merge_id, s.table_name, ${asideInJournal}
     from account_merge_moves m join artist_merge_asides s on s.id = m.row_id
     where m.merge_id = ? and m.table_name = 'artist_merge_asides' on conflict do nothing`,
    [mergeId],
  );
}

async function stalePlans(tx: EntityManager, { id, survivorId, absorbedId }: MergeRow): Promise<void> {
  await tx.execute(
    `insert into account_merge_moves (merge_id, table_name, row_id, before)
     select ?, ?, p.id, jsonb_build_object('version', p.version) from plans p where p.user_id in (?, ?) and p.status = 'ready'`,
    [id, journalOf.planStates, survivorId, absorbedId],
  );
  await tx.execute(
    `update plans set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     where user_id in (?, ?) and status = 'ready'`,
    [staleReason, survivorId, absorbedId],
  );
}

/** How many rows of each kind a merge gave to the survivor. */
export async function countMoves(em: EntityManager, mergeId: string): Promise<Record<string, number>> {
  const rows = await em.execute<{ table_name: string; n: number }[]>(
    `select table_name, count(*)::int as n from account_merge_moves
     where merge_id = ? and table_name not in (?, ?) group by table_name order by table_name`,
    [mergeId, journalOf.blockEnds, journalOf.planStates],
  );
  return Object.fromEntries(rows.map(({ table_name: table, n }) => [table, n]));
}
