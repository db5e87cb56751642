import type { IsPersonsApp } from '../providers/oauth-exchange';
import { audit } from './audit';
import { givenIds, idsOfPerson } from './erasure';
import { newId } from './ids';
import type { EntityManager, MikroORM } from './orm';

/** The app of their own that a person's next consent goes through. */
export interface OwnProviderApp {
  clientId: string;
  createdAt: Date;
}

interface Whose {
  userId: string;
  provider: string;
}

/** Null where they brought none. What a merged account brought counts too, after their own. */
export async function ownProviderApp(em: EntityManager, { userId, provider }: Whose): Promise<OwnProviderApp | null> {
  const people = JSON.stringify(await idsOfPerson(em, userId));
  const [row] = await em.execute<{ client_id: string; created_at: string }[]>(
    `select client_id, created_at from provider_apps
      where user_id in ${givenIds} and provider = ? and retired_at is null
      order by user_id = ? desc, created_at desc, id limit 1`,
    [people, provider, userId],
  );
  return row ? { clientId: row.client_id, createdAt: new Date(row.created_at) } : null;
}

/** How many of a person's connections use an app of their own, one that they have replaced included. */
export async function connectionsOfOwnApps(em: EntityManager, { userId, provider }: Whose): Promise<number> {
  const people = JSON.stringify(await idsOfPerson(em, userId));
  const [row] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from connections c where c.user_id = ? and c.provider = ? and c.client_id in
       (select client_id from provider_apps where user_id in ${givenIds} and provider = ?)`,
    [userId, provider, people, provider],
  );
  return row?.n ?? 0;
}

interface Change extends Whose {
  requestId: string | null;
}

/** Makes an app the person's own for what they connect from now on; one that they had before goes on for what uses it. */
export async function bringProviderApp(tx: EntityManager, change: Change & { clientId: string }): Promise<void> {
  const { userId, provider, clientId, requestId } = change;
  await retire(tx, change, clientId);
  await tx.execute(
    `insert into provider_apps (id, user_id, provider, client_id) values (?, ?, ?, ?)
     on conflict (user_id, provider, client_id) do update set retired_at = null`,
    [newId(), userId, provider, clientId],
  );
  await removeUnused(tx, change);
  audit(tx, {
    actorId: userId,
    event: 'provider_app.brought',
    outcome: 'done',
    subjectType: 'user',
    subjectId: userId,
    details: { provider },
    requestId,
  });
}

/** Lets what the person connects from now on go through the operator's apps again. False where they had brought none. */
export async function removeProviderApp(tx: EntityManager, change: Change): Promise<boolean> {
  const { userId, provider, requestId } = change;
  const retired = await retire(tx, change, null);
  if (retired === 0) return false;
  await removeUnused(tx, change);
  audit(tx, {
    actorId: userId,
    event: 'provider_app.removed',
    outcome: 'done',
    subjectType: 'user',
    subjectId: userId,
    details: { provider },
    requestId,
  });
  return true;
}

/** Ends all but one; the person's row is locked, so that of two changes at once the later one counts. */
async function retire(tx: EntityManager, { userId, provider }: Whose, except: string | null): Promise<number> {
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const people = JSON.stringify(await idsOfPerson(tx, userId));
  const rows = await tx.execute<{ id: string }[]>(
    `update provider_apps set retired_at = now()
      where user_id in ${givenIds} and provider = ? and retired_at is null and client_id is distinct from ? returning id`,
    [people, provider, except],
  );
  return rows.length;
}

/** A token is renewed only through the app that it was given to, and a flow under way exchanges its code through it. */
async function removeUnused(tx: EntityManager, { userId, provider }: Whose): Promise<void> {
  const people = JSON.stringify(await idsOfPerson(tx, userId));
  await tx.execute(
    `delete from provider_apps a where a.user_id in ${givenIds} and a.provider = ? and a.retired_at is not null
       and not exists (select from connections c where c.provider = a.provider and c.client_id = a.client_id)
       and not exists (select from oauth_transactions f where f.user_id = a.user_id and f.client_id = a.client_id and f.finished_at is null)`,
    [people, provider],
  );
}

/** Tells the apps that people brought from client ids that nobody here knows any more. */
export function personsApps(orm: MikroORM): IsPersonsApp {
  return async ({ provider, clientId }) => {
    const rows = await orm.em
      .fork()
      .execute<{ id: string }[]>(`select id from provider_apps where client_id = ? and provider = ? limit 1`, [
        clientId,
        provider,
      ]);
    return rows.length > 0;
  };
}
