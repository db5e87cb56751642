import type { NotificationSettings } from '../../domain/announcement-preferences';
import type { Role } from '../../domain/roles';
import type { EntityManager } from './orm';

export interface Person {
  id: string;
  displayName: string;
  email: string | null;
  roles: Role[];
  settings: Record<string, unknown>;
  version: number;
  createdAt: Date;
}

/** A person with their roles; null when there is no such person (any more). */
export async function findPerson(em: EntityManager, userId: string): Promise<Person | null> {
  const [row] = await em.execute<
    {
      id: string;
      display_name: string;
      email: string | null;
      roles: Role[];
      settings: Record<string, unknown>;
      version: number;
      created_at: string;
    }[]
  >(
    `select u.id, u.display_name, u.email, u.settings, u.version, u.created_at,
            array(select r.role from user_roles r where r.user_id = u.id order by r.role)::text[] as roles
     from users u where u.id = ?`,
    [userId],
  );
  if (!row) return null;
  return {
    id: row.id,
    displayName: row.display_name,
    email: row.email,
    roles: row.roles,
    settings: row.settings,
    version: row.version,
    createdAt: new Date(row.created_at),
  };
}

/** Lets nobody else decide about a person until the transaction ends. False where there is none, or they were merged into another. */
export async function lockPerson(tx: EntityManager, userId: string): Promise<boolean> {
  const rows = await tx.execute<{ id: string }[]>(
    `select id from users where id = ? and merged_into is null for no key update`,
    [userId],
  );
  return rows.length > 0;
}

/**
 * Changes a person's name and settings under a version; settings that are not given stay, as do ways of being notified. Returns the
 * new version, or null when it was another version by now.
 */
export async function updatePerson(
  em: EntityManager,
  change: {
    userId: string;
    version: number;
    displayName?: string;
    settings?: Record<string, unknown> & { notifications?: NotificationSettings | undefined };
  },
): Promise<number | null> {
  const { notifications = {}, ...settings } = change.settings ?? {};
  const chosen = JSON.stringify(notifications);
  const [row] = await em.execute<{ version: number }[]>(
    `update users set display_name = coalesce(?, display_name), version = version + 1,
       settings = settings || ?::jsonb || case when ?::jsonb = '{}' then '{}' else jsonb_build_object('notifications',
         coalesce(settings->'notifications', '{}') || (
           select jsonb_object_agg(g.key, coalesce(settings->'notifications'->g.key, '{}') || g.value) from jsonb_each(?::jsonb) g)) end
     where id = ? and version = ? returning version`,
    [change.displayName ?? null, JSON.stringify(settings), chosen, chosen, change.userId, change.version],
  );
  return row?.version ?? null;
}

/** How far a person has come. */
export interface Setup {
  connected: boolean;
  synced: boolean;
  blocks: number;
  /** Lists and categories that they go by. */
  subscriptions: number;
  firstPlanAt: Date | null;
}

export async function readSetup(em: EntityManager, userId: string): Promise<Setup> {
  const [row] = await em.execute<
    { connected: boolean; synced: boolean; blocks: number; subscriptions: number; first_plan_at: string | null }[]
  >(
    `select exists(select from connections where user_id = ? and disconnecting_since is null) as connected,
            exists(select from connections where user_id = ? and disconnecting_since is null and last_synced_at is not null) as synced,
            (select count(*)::int from blocks where user_id = ? and (expires_at is null or expires_at > now())) as blocks,
            (select count(*)::int from list_subscriptions where user_id = ?) + (select count(*)::int from category_subscriptions where user_id = ?) as subscriptions,
            (select min(created_at) from plans where user_id = ?) as first_plan_at`,
    [userId, userId, userId, userId, userId, userId],
  );
  return {
    connected: row?.connected ?? false,
    synced: row?.synced ?? false,
    blocks: row?.blocks ?? 0,
    subscriptions: row?.subscriptions ?? 0,
    firstPlanAt: row?.first_plan_at ? new Date(row.first_plan_at) : null,
  };
}

export interface IdentityClaims {
  subject: string;
  email: string | null;
  emailVerified: boolean;
  /** A relay address, made for us alone. */
  emailPrivate: boolean;
  name: string | null;
}

/** An identity by its provider's stable id, locked until the transaction ends: it can't be taken away meanwhile. */
export async function findIdentity(
  em: EntityManager,
  provider: string,
  subject: string,
): Promise<{ id: string; userId: string } | null> {
  const [row] = await em.execute<{ id: string; user_id: string }[]>(
    `select id, user_id from identities where provider = ? and subject = ? for update`,
    [provider, subject],
  );
  return row ? { id: row.id, userId: row.user_id } : null;
}

/** Notes what a provider says about an identity now. A name that it doesn't say again stays. */
export async function touchIdentity(em: EntityManager, id: string, claims: IdentityClaims): Promise<void> {
  await em.execute(
    `update identities set email = ?, email_verified = ?, email_private = ?, name = coalesce(?, name), last_used_at = now()
     where id = ?`,
    [claims.email, claims.emailVerified, claims.emailPrivate, claims.name, id],
  );
}

export async function addIdentity(
  em: EntityManager,
  identity: IdentityClaims & { id: string; userId: string; provider: string },
): Promise<void> {
  await em.execute(
    `insert into identities (id, user_id, provider, subject, email, email_verified, email_private, name)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      identity.id,
      identity.userId,
      identity.provider,
      identity.subject,
      identity.email,
      identity.emailVerified,
      identity.emailPrivate,
      identity.name,
    ],
  );
}

export async function addPerson(
  em: EntityManager,
  person: { id: string; displayName: string; email: string | null },
): Promise<void> {
  await em.execute(`insert into users (id, display_name, email) values (?, ?, ?)`, [
    person.id,
    person.displayName,
    person.email,
  ]);
}

/** Until the transaction ends, nobody else decides whose this address is. */
export async function lockEmail(em: EntityManager, email: string): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(lower(?), 0))`, [`email:${email}`]);
}

/**
 * Whose an address is: of a person, or of a verified identity of theirs. Of a person who was merged into another one, that
 * other one.
 */
export async function personByEmail(
  em: EntityManager,
  email: string,
): Promise<{ id: string; hasIdentity: boolean } | null> {
  const [row] = await em.execute<{ id: string; has_identity: boolean }[]>(
    `select coalesce(u.merged_into, u.id) as id,
            exists(select from identities i where i.user_id = coalesce(u.merged_into, u.id)) as has_identity
     from users u where u.id in (
       select id from users where email = ?::citext
       union select user_id from identities where email = ?::citext and email_verified)
     order by has_identity desc, u.id limit 1`,
    [email, email],
  );
  return row ? { id: row.id, hasIdentity: row.has_identity } : null;
}
