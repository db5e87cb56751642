import type { MergeObstacles } from '../../domain/account-merges';
import type { EntityManager } from './orm';

/** Both people's rows, locked in one order, so that two who decide about them at once wait for each other. */
export async function lockPeople(tx: EntityManager, ids: readonly string[]): Promise<void> {
  // Rows that refer to a person may go on being written: only what decides about the person itself waits.
  await tx.execute(
    `select id from users where id::text in (select jsonb_array_elements_text(?::jsonb)) order by id for no key update`,
    [JSON.stringify(ids)],
  );
}

/** What stands in the way of moving things between two people now. Call it with both locked. */
export async function findObstacles(
  tx: EntityManager,
  merge: { id: string; survivorId: string; absorbedId: string },
): Promise<MergeObstacles> {
  const { id, survivorId, absorbedId } = merge;
  const both = [survivorId, absorbedId];
  const [row] = await tx.execute<
    {
      people: number;
      other_merges: number;
      erasing: number;
      suspended: number;
      active_runs: number;
      plans_preparing: number;
      open_flows: number;
    }[]
  >(
    `select (select count(*)::int from users where id in (?, ?)) as people,
            (select count(*)::int from account_merges where id <> ? and status in ('confirmed', 'merged', 'undoing')
               and (survivor_id in (?, ?) or absorbed_id in (?, ?))) as other_merges,
            (select count(*)::int from jobs where user_id in (?, ?) and type = 'erase_account' and finished_at is null) as erasing,
            (select count(*)::int from user_suspensions where user_id in (?, ?) and ended_at is null) as suspended,
            (select count(*)::int from runs where user_id in (?, ?) and finished_at is null) as active_runs,
            (select count(*)::int from plans where user_id in (?, ?) and status = 'preparing') as plans_preparing,
            (select count(*)::int from oauth_transactions where user_id = ? and status = 'claimed') as open_flows`,
    [...both, id, ...both, ...both, ...both, ...both, ...both, ...both, absorbedId],
  );
  return {
    gone: row?.people !== 2,
    anotherMerge: (row?.other_merges ?? 0) > 0,
    erasing: (row?.erasing ?? 0) > 0,
    suspended: (row?.suspended ?? 0) > 0,
    activeRuns: row?.active_runs ?? 0,
    plansPreparing: row?.plans_preparing ?? 0,
    openFlows: row?.open_flows ?? 0,
  };
}
