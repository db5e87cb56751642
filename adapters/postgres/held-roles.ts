import type { Role } from '../../domain/roles';
import type { EntityManager } from './orm';
import { isSuspended } from './suspensions';

/**
 * Why somebody may not act in a role at this moment; null where they may. Until the transaction ends nobody takes the role from them or
 * suspends them.
 */
export async function roleDenial(
  tx: EntityManager,
  userId: string,
  role: Role,
): Promise<'role_missing' | 'suspended' | null> {
  // What `lockPerson` takes, with which roles and suspensions change, waits for this.
  await tx.execute(`select id from users where id = ? for share`, [userId]);
  const [held] = await tx.execute<{ role: boolean; suspended: boolean }[]>(
    `select exists (select from user_roles r where r.user_id = u.id and r.role = ?) as role, ${isSuspended('u.id')} as suspended
     from users u where u.id = ? and u.merged_into is null`,
    [role, userId],
  );
  if (!held?.role) return 'role_missing';
  return held.suspended ? 'suspended' : null;
}
