import { roleChangeDenial, type RoleChange } from '../../domain/roles';
import { holdAdmins } from './admins';
import { audit } from './audit';
import type { EntityManager } from './orm';
import { lockPerson } from './people';

/**
 * Gives a role or takes it, or says why not; the denial is recorded beside it. Doing it twice changes nothing. Null where there is
 * no such person.
 */
export async function changeRole(
  tx: EntityManager,
  { requestId, ...change }: RoleChange & { requestId: string | null },
): Promise<{ denied: NonNullable<ReturnType<typeof roleChangeDenial>> } | { changed: boolean } | null> {
  const { verb, role, actorId, userId } = change;
  const admins = await holdAdmins(tx);
  if (!(await lockPerson(tx, userId))) return null;
  const record = { actorId, subjectType: 'user', subjectId: userId, requestId };
  const by: Record<string, string> = actorId === null ? { by: 'operator' } : {};
  const denied = roleChangeDenial(change, admins);
  if (denied) {
    audit(tx, { ...record, event: `role.${verb}`, outcome: 'denied', details: { role, code: denied, ...by } });
    return { denied };
  }
  const rows = await tx.execute<{ role: string }[]>(
    verb === 'grant'
      ? `insert into user_roles (user_id, role) values (?, ?) on conflict do nothing returning role`
      : `delete from user_roles where user_id = ? and role = ? returning role`,
    [userId, role],
  );
  const changed = rows.length > 0;
  const event = verb === 'grant' ? 'role.granted' : 'role.taken';
  if (changed) audit(tx, { ...record, event, outcome: 'done', details: { role, ...by } });
  return { changed };
}
