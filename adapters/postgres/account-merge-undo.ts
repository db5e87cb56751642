import { obstacleParams } from '../../domain/account-merges';
import { DomainError } from '../../domain/errors';
import { asideInJournal, countMoves, journalOf, lockHoldings, movedTables } from './account-merge-moves';
import { findObstacles, lockPeople } from './account-merge-obstacles';
import { lockMerge, type MergeRow } from './account-merges';
import { audit } from './audit';
import { addMilestone, finishJob } from './jobs';
import { noteSubscriptionsOf } from './list-growth';
import type { EntityManager } from './orm';

/** The reason that plans made while the accounts were one are stale. */
const staleReason = 'accounts_parted';

/**
 * Gives back exactly what the merge moved and is still there, in the caller's transaction. What was made since stays with the
 * survivor, but for what hangs on a connection that goes back: its plans, runs and jobs go with it, so that a run can be undone
 * by whoever has the connection. Repeating it changes nothing. Throws DomainError `merge_not_possible`.
 */
export async function carryOutUndo(tx: EntityManager, mergeId: string): Promise<'undone' | 'nothing_to_do'> {
  const merge = await lockMerge(tx, mergeId);
  if (!merge || merge.status !== 'undoing') return 'nothing_to_do';
  const { survivorId, absorbedId } = merge;
  await lockPeople(tx, [survivorId, absorbedId]);
  await lockHoldings(tx, merge);
  const params = obstacleParams(await findObstacles(tx, merge));
  if (params) throw new DomainError('merge_not_possible', { params });

  const withdrawn = await hasWithdrawnSince(tx, merge);
  await noteSubscriptionsOf(tx, absorbedId, 1);
  for (const table of movedTables) await moveBack(tx, merge, table);
  await followConnections(tx, merge);
  await moveBlocksBack(tx, merge);
  await moveAsidesBack(tx, merge);
  await restorePlans(tx, merge, withdrawn);
  await tx.execute(`update users set merged_into = null where id = ?`, [absorbedId]);
  await tx.execute(`update account_merges set status = 'undone', undone_at = now() where id = ?`, [mergeId]);
  const moved = await countMoves(tx, mergeId);
  await tx.execute(`delete from account_merge_moves where merge_id = ?`, [mergeId]);
  audit(tx, {
    actorId: survivorId,
    event: 'account_merge.undone',
    outcome: 'done',
    subjectType: 'account_merge',
    subjectId: mergeId,
    details: moved,
  });
  if (merge.undoJobId) {
    await addMilestone(tx, merge.undoJobId, 'accounts_parted', moved);
    await finishJob(tx, merge.undoJobId, 'completed');
  }
  return 'undone';
}

async function moveBack(tx: EntityManager, merge: MergeRow, table: (typeof movedTables)[number]): Promise<void> {
  await tx.execute(
    `update ${table} t set user_id = ? from account_merge_moves m
     where m.merge_id = ? and m.table_name = ? and m.row_id = t.id and t.user_id = ?`,
    [merge.absorbedId, merge.id, table, merge.survivorId],
  );
}

/** Plans and runs made since at a connection that went back, and their jobs. */
async function followConnections(tx: EntityManager, { survivorId, absorbedId }: MergeRow): Promise<void> {
  const people = [absorbedId, survivorId, absorbedId];
  for (const table of ['runs', 'plans'])
    await tx.execute(
      `update ${table} set user_id = ? where user_id = ? and connection_id in (select id from connections where user_id = ?)`,
      people,
    );
  await tx.execute(
    `update jobs set user_id = ? where user_id = ? and subject_id in (
       select id from connections where user_id = ? union all select id from plans where user_id = ? union all select id from runs where user_id = ?)`,
    [...people, absorbedId, absorbedId],
  );
}

/** A block that was taken back and set anew since is the survivor's own. */
async function moveBlocksBack(tx: EntityManager, { id, survivorId, absorbedId }: MergeRow): Promise<void> {
  await tx.execute(
    `update blocks b set user_id = ? from account_merge_moves m, account_merges g
     where m.merge_id = ? and m.table_name = ? and m.row_id = coalesce(b.given_artist_id, b.artist_id) and b.user_id = ?
       and g.id = m.merge_id and b.created_at <= g.merged_at`,
    [absorbedId, id, journalOf.blocks, survivorId],
  );
  await tx.execute(
    `update blocks b set expires_at = (m.before->>'expiresAt')::timestamptz, on_expiry = coalesce(m.before->>'onExpiry', 'keep'),
       ended_at = (m.before->>'endedAt')::timestamptz, version = b.version - 1 from account_merge_moves m
     where m.merge_id = ? and m.table_name = ? and m.row_id = coalesce(b.given_artist_id, b.artist_id) and b.user_id = ?
       and b.version = (m.before->>'version')::int + 1`,
    [id, journalOf.blockEnds, survivorId],
  );
}

/** What has been set aside since, because two artists were merged. */
async function moveAsidesBack(tx: EntityManager, { id, survivorId, absorbedId }: MergeRow): Promise<void> {
  await tx.execute(
    `update artist_merge_asides s set user_id = ? from account_merge_moves m, account_merges g
     where m.merge_id = ? and g.id = m.merge_id and s.user_id = ? and m.table_name = s.table_name and m.row_id = ${asideInJournal}
       and (s.table_name <> 'blocks' or (s.row->>'created_at')::timestamptz <= g.merged_at)`,
    [absorbedId, id, survivorId],
  );
}

async function hasWithdrawnSince(tx: EntityManager, { id, survivorId }: MergeRow): Promise<boolean> {
  const [row] = await tx.execute<{ withdrawn: boolean }[]>(
    `select exists(select from audit_entries a join account_merges g on g.id = ? where a.actor_id = ? and a.event = 'block.withdrawn'
       and a.created_at > g.merged_at) as withdrawn`,
    [id, survivorId],
  );
  return row?.withdrawn ?? true;
}

/** Of plans `p`: those that take something out because of a list or a category, which may say or count something else since. */
const restsOnOthers = `exists (select from plan_items i where i.plan_id = p.id and i.included
  and (i.matches @> '[{"sources": [{"kind": "list"}]}]' or i.matches @> '[{"sources": [{"kind": "category"}]}]'))`;

/**
 * Plans of before are as they were, unless a block behind them was withdrawn since, or they rest on what somebody else says; those of
 * between are stale.
 */
async function restorePlans(tx: EntityManager, merge: MergeRow, withdrawn: boolean): Promise<void> {
  const { id, survivorId, absorbedId } = merge;
  await tx.execute(
    `update plans p set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     from account_merges g where g.id = ? and p.user_id in (?, ?) and p.status = 'ready' and p.ready_at > g.merged_at`,
    [staleReason, id, survivorId, absorbedId],
  );
  if (withdrawn) return;
  await tx.execute(
    `update plans p set status = 'ready', stale_reasons = p.stale_reasons[1:cardinality(p.stale_reasons) - 1], version = p.version - 1
     from account_merge_moves m where m.merge_id = ? and m.table_name = ? and m.row_id = p.id
       and p.status = 'stale' and p.version = (m.before->>'version')::int + 1 and not ${restsOnOthers}`,
    [id, journalOf.planStates],
  );
}
