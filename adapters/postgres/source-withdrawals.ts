import { type FollowedSource, subjectsOfRemoved, withdrawalNews } from '../../domain/source-withdrawals';
import { announce } from './announcements';
import { databaseNow } from './clock';
import { loadEffectiveDecisions } from './effective-blocks';
import type { EntityManager } from './orm';
import { judgeRemoved, loadRemoved, type RemovedAction, type RemovedScope, type SkippedRestore } from './removed-items';

/** What could still be in the library's way, or come to be: all but what is back, was skipped, or cannot be undone. */
const concerned = `a.sources <> '{}' and a.status not in ('undone', 'skipped')`;

/**
 * Finds everybody whose library was changed because of the withdrawal that waits longest, whether or not they still follow its source,
 * in the caller's transaction. What earlier withdrawals took from the same artists, and this source kept out, is judged anew.
 * @returns whether there was one
 */
export async function gatherWithdrawal(tx: EntityManager): Promise<boolean> {
  const [due] = await tx.execute<{ id: string }[]>(
    `select id from source_withdrawals where gathered_at is null order by id limit 1 for update skip locked`,
  );
  if (!due) return false;
  // By the index of sources first: before the database has statistics it would rather go through every run.
  await tx.execute(
    `with changed as materialized (
       select distinct a.run_id from actions a where a.sources && (select keys from source_withdrawals where id = ?) and ${concerned})
     insert into withdrawal_notices (id, withdrawal_id, user_id)
     select gen_random_uuid(), ?, people.user_id from (
       select distinct r.user_id from changed c join runs r on r.id = c.run_id where r.run_type = 'enforce') people
     on conflict (withdrawal_id, user_id) do nothing`,
    [due.id, due.id],
  );
  await tx.execute(
    `update withdrawal_notices n set settled_at = null from source_withdrawals w, source_withdrawals before
     where w.id = ? and before.id <> w.id and before.artist_ids && w.artist_ids and n.withdrawal_id = before.id and n.settled_at is not null and n.actions = 0`,
    [due.id],
  );
  await tx.execute(`update source_withdrawals set gathered_at = now() where id = ?`, [due.id]);
  return true;
}

/** Those that wait to be told, in the order of their ids behind `after`; not those whose account is being erased. */
export async function dueNotices(em: EntityManager, after: string | null, limit: number): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select n.id from withdrawal_notices n where n.settled_at is null and (?::uuid is null or n.id > ?::uuid)
       and not exists (select from jobs j where j.user_id = n.user_id and j.type = 'erase_account' and j.finished_at is null)
     order by n.id limit ?`,
    [after, after, limit],
  );
  return rows.map(({ id }) => id);
}

interface DueNotice {
  withdrawal_id: string;
  user_id: string;
  decision_id: string | null;
  artist_ids: string[];
  under_way: boolean;
}

/**
 * Tells one person what can come back, in the caller's transaction, once; nothing where nothing can, and not before runs that
 * act on it have ended. Whoever comes late finds nothing to do.
 * @returns whether they were told
 */
export async function tellOfWithdrawal(tx: EntityManager, noticeId: string): Promise<boolean> {
  const [due] = await tx.execute<DueNotice[]>(
    `select n.withdrawal_id, n.user_id, w.decision_id, array(select unnest(w.artist_ids)::text) as artist_ids,
       exists (select from runs r where r.user_id = n.user_id and r.finished_at is null and exists (
         select from actions a left join actions u on u.id = a.undoes_id where a.run_id = r.id and coalesce(u.sources, a.sources) && w.keys)) as under_way
     from withdrawal_notices n join source_withdrawals w on w.id = n.withdrawal_id
     where n.id = ? and n.settled_at is null for update of n skip locked`,
    [noticeId],
  );
  if (!due) return false;
  const { withdrawal_id: withdrawalId, user_id: userId, artist_ids: artistIds, under_way: underWay } = due;
  const actions = underWay ? 0 : (await selectWithdrawn(tx, { userId, withdrawalId })).restored.length;
  const news = withdrawalNews({ underWay, offered: actions });
  if (news === 'later') return false;
  await tx.execute(`update withdrawal_notices set settled_at = now(), actions = ? where id = ?`, [actions, noticeId]);
  if (news === 'nothing') return false;
  await announce(tx, userId, {
    type: 'source.withdrawn',
    params: {
      withdrawalId,
      artists: artistIds.length,
      ...(artistIds.length === 1 ? { artistId: artistIds[0]! } : {}),
      ...(due.decision_id ? { decisionId: due.decision_id } : {}),
      actions,
    },
  });
  return true;
}

/** What a run does anew may rest on what was withdrawn since: once it has ended, its person is told. In the caller's transaction. */
export async function judgeAnewAfter(tx: EntityManager, runId: string): Promise<void> {
  await tx.execute(
    `update withdrawal_notices n set settled_at = null from runs r, source_withdrawals w
     where r.id = ? and n.user_id = r.user_id and n.actions = 0 and w.id = n.withdrawal_id
       and exists (select from actions a where a.run_id = r.id and a.status in ('pending', 'applying') and a.sources && w.keys)`,
    [runId],
  );
}

/** What a person is offered to undo: see `RemovedScope`. */
export const scopeOfWithdrawal = (of: { userId: string; withdrawalId: string }): RemovedScope => ({
  userId: of.userId,
  connectionId: null,
  subjectType: 'withdrawal',
  subjectId: of.withdrawalId,
});

/**
 * What was taken out because of a withdrawn source and would come back by what holds now, and what something else still wants
 * out. Only what is decided about the artists, songs and albums in question is read, however much else their person follows.
 */
export async function selectWithdrawn(
  em: EntityManager,
  of: { userId: string; withdrawalId: string },
): Promise<{ restored: RemovedAction[]; skipped: SkippedRestore[] }> {
  const removed = await loadRemoved(em, scopeOfWithdrawal(of));
  if (removed.items.length === 0) return { restored: [], skipped: [] };
  const about = subjectsOfRemoved(removed.items, removed.catalog);
  return judgeRemoved(removed, await loadEffectiveDecisions(em, of.userId, await databaseNow(em), about));
}

export interface WithdrawalRow {
  id: string;
  source: FollowedSource;
  artists: { id: string; name: string }[];
  decisionId: string | null;
  withdrawnAt: Date;
}

/** A withdrawn source by which a person's library was changed; null where it was not. Artists are those whom they are now, at most 100. */
export async function findWithdrawal(
  em: EntityManager,
  { userId, id }: { userId: string; id: string },
): Promise<WithdrawalRow | null> {
  const [row] = await em.execute<
    {
      kind: 'list' | 'category';
      list_id: string;
      category: string;
      offense_id: string;
      decision_id: string | null;
      made_at: string;
      artists: { id: string; name: string }[];
    }[]
  >(
    `select w.kind, w.list_id, w.category, w.offense_id, w.decision_id, w.made_at,
       coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) order by a.name, a.id) from (
         select distinct b.id, b.name from unnest(w.artist_ids[1:100]) as named(id) left join former_artists f on f.id = named.id join artists b on b.id = coalesce(f.artist_id, named.id)) a), '[]') as artists
     from source_withdrawals w join withdrawal_notices n on n.withdrawal_id = w.id where w.id = ? and n.user_id = ?`,
    [id, userId],
  );
  if (!row) return null;
  return {
    id,
    source:
      row.kind === 'list'
        ? { kind: 'list', listId: row.list_id }
        : { kind: 'category', category: row.category, offenseId: row.offense_id },
    artists: row.artists,
    decisionId: row.decision_id,
    withdrawnAt: new Date(row.made_at),
  };
}
