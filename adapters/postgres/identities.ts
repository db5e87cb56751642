import { createJob } from './jobs';
import { audit } from './audit';
import type { EntityManager } from './orm';

/** A sign-in account as its person sees it. */
export interface IdentityRow {
  id: string;
  provider: string;
  email: string | null;
  emailVerified: boolean;
  /** A relay address, made for us alone. */
  emailPrivate: boolean;
  createdAt: Date;
  lastUsedAt: Date;
}

interface RawIdentity {
  id: string;
  provider: string;
  email: string | null;
  email_verified: boolean;
  email_private: boolean;
  created_at: string;
  last_used_at: string;
}

/** A person's sign-in accounts, newest first, after the one named. */
export async function listIdentities(
  em: EntityManager,
  { userId, limit, after }: { userId: string; limit: number; after: string | null },
): Promise<IdentityRow[]> {
  const rows = await em.execute<RawIdentity[]>(
    `select id, provider, email, email_verified, email_private, created_at, last_used_at from identities
     where user_id = ? and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [userId, after, after, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    email: row.email,
    emailVerified: row.email_verified,
    emailPrivate: row.email_private,
    createdAt: new Date(row.created_at),
    lastUsedAt: new Date(row.last_used_at),
  }));
}

export type Unlinking = { jobId: string; outboxId: string | null } | { denied: 'not_found' | 'last_sign_in_method' };

/**
 * Takes a sign-in account away from its person, at once, and writes the start of the workflow that takes it back at the provider:
 * its sealed credential is kept for that. Asking again gives the same job. Under the person's row lock, so that two who remove
 * two accounts at once never remove the last.
 */
export async function unlinkIdentity(
  tx: EntityManager,
  { userId, identityId, requestId }: { userId: string; identityId: string; requestId: string | null },
): Promise<Unlinking> {
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const [identity] = await tx.execute<{ provider: string; others: number }[]>(
    `select i.provider, (select count(*)::int from identities o where o.user_id = i.user_id and o.id <> i.id
       and ${cameByMerge('o')} = ${cameByMerge('i')}) as others
     from identities i where i.id = ? and i.user_id = ?`,
    [identityId, userId],
  );
  if (!identity) return runningUnlink(tx, userId, identityId);
  const { provider, others } = identity;
  const record = {
    actorId: userId,
    event: 'identity.unlinked',
    subjectType: 'identity',
    subjectId: identityId,
    requestId,
  };
  if (others === 0) {
    audit(tx, { ...record, outcome: 'denied', details: { provider, code: 'last_sign_in_method' } });
    return { denied: 'last_sign_in_method' };
  }
  await tx.execute(`delete from identities where id = ?`, [identityId]);
  audit(tx, { ...record, outcome: 'done', details: { provider } });
  return createJob(tx, {
    type: 'unlink_identity',
    userId,
    subjectType: 'identity',
    subjectId: identityId,
    provider,
    workflowType: 'unlinkIdentity',
    workflowId: () => `unlink-identity:${identityId}`,
    input: (jobId) => ({ identityId, jobId, provider }),
    requestId,
  });
}

/**
 * Whether an identity came with a merge that can still be undone. Each side keeps one of its own until then, so that after an undo both
 * people can sign in.
 */
const cameByMerge = (alias: string) => `exists(
  select from account_merge_moves m join account_merges g on g.id = m.merge_id
  where m.table_name = 'identities' and m.row_id = ${alias}.id and g.status in ('merged', 'undoing'))`;

async function runningUnlink(tx: EntityManager, userId: string, identityId: string): Promise<Unlinking> {
  const [job] = await tx.execute<{ id: string }[]>(`select id from jobs where workflow_id = ? and user_id = ?`, [
    `unlink-identity:${identityId}`,
    userId,
  ]);
  return job ? { jobId: job.id, outboxId: null } : { denied: 'not_found' };
}
