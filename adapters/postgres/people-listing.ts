import type { Role } from '../../domain/roles';
import { startingWith } from './like-pattern';
import type { EntityManager } from './orm';
import type { Person } from './people';
import { isSuspended } from './suspensions';

/** A person as admins see them. */
export type ListedPerson = Pick<Person, 'id' | 'displayName' | 'email' | 'roles' | 'createdAt'>;

export interface PeopleFilter {
  /** The beginning of a name or of an address, or a whole id. */
  query: string | null;
  role: Role | null;
  suspended: boolean | null;
  limit: number;
  after: string | null;
}

interface RawPerson {
  id: string;
  display_name: string;
  email: string | null;
  roles: Role[];
  created_at: string;
}

/** People, newest first, after the one named. Whoever was merged into another is not there. */
export async function listPeople(
  em: EntityManager,
  { query, role, suspended, limit, after }: PeopleFilter,
): Promise<ListedPerson[]> {
  const beginning = query === null ? null : startingWith(query);
  const rows = await em.execute<RawPerson[]>(
    `select u.id, u.display_name, u.email, u.created_at,
       array(select r.role from user_roles r where r.user_id = u.id order by r.role)::text[] as roles
     from users u
     where u.merged_into is null and (?::uuid is null or u.id < ?::uuid)
       and (?::text is null or u.display_name ilike ? or u.email::text ilike ? or u.id::text = lower(?)
         or exists (select from identities i where i.user_id = u.id and i.email::text ilike ?))
       and (?::text is null or exists (select from user_roles r where r.user_id = u.id and r.role = ?))
       and (?::boolean is null or ${isSuspended('u.id')} = ?::boolean)
     order by u.id desc limit ?`,
    [after, after, query, beginning, beginning, query, beginning, role, role, suspended, suspended, limit],
  );
  return rows.map(({ id, display_name: displayName, email, roles, created_at: createdAt }) => ({
    id,
    displayName,
    email,
    roles,
    createdAt: new Date(createdAt),
  }));
}
