import type { EntityManager } from './orm';

/**
 * SQL for the address that a person `u` gets e-mails at: one that a provider has verified and that is theirs still, their account's
 * before others, a relay address last. Null where there is none.
 */
export const verifiedAddress = `(select i.email::text from identities i
  where i.user_id = u.id and i.email_verified and i.email is not null
  order by (i.email = u.email) is true desc, i.email_private, i.created_at, i.id limit 1)`;

/** Where a person gets e-mails. */
export async function emailAddressOf(em: EntityManager, userId: string): Promise<string | null> {
  const [row] = await em.execute<{ to: string | null }[]>(
    `select ${verifiedAddress} as "to" from users u where u.id = ?`,
    [userId],
  );
  return row?.to ?? null;
}
