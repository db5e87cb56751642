import type { OpenAction } from './journal';
import type { EntityManager } from './orm';

/**
 * Those of a rollback's actions whose thing a later run has changed once more, with the person's own change in between, and
 * that run still stands: what is there now is that run's, and undoing this action must not take it away.
 */
export async function overtakenActions(
  em: EntityManager,
  rollbackId: string,
  actions: readonly Pick<OpenAction, 'id'>[],
): Promise<Set<string>> {
  const rows = await em.execute<{ id: string }[]>(
    `select a.id from actions a join actions u on u.id = a.undoes_id join runs own on own.id = a.run_id
      where a.id in (select (jsonb_array_elements_text(?::jsonb))::uuid) and exists (
        select from runs r join actions l on l.run_id = r.id
         where r.connection_id = own.connection_id and l.uri = u.uri and l.action_type = u.action_type and l.id > u.id
           and l.status in ('applied', 'undo_failed')
           and not exists (select from actions here where here.run_id = ? and here.undoes_id = l.id))`,
    [JSON.stringify(actions.map(({ id }) => id)), rollbackId],
  );
  return new Set(rows.map(({ id }) => id));
}
