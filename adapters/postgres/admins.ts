import type { EntityManager } from './orm';
import { isSuspended } from './suspensions';

/**
 * Who is an admin now and can act as one. Until the transaction ends nobody else changes roles or suspensions, so that two who take
 * each other's role at once leave one.
 */
export async function holdAdmins(tx: EntityManager): Promise<string[]> {
  await tx.execute(`select pg_advisory_xact_lock(hashtext('roles'))`);
  const rows = await tx.execute<{ id: string }[]>(
    `select u.id from users u join user_roles r on r.user_id = u.id and r.role = 'admin'
     where u.merged_into is null and not ${isSuspended('u.id')}`,
  );
  return rows.map(({ id }) => id);
}
