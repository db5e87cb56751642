/** What a person may be besides a user; granted by admins and read on each request. */
export const roles = ['moderator', 'reviewer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What a personal token may do at most. */
export const tokenScopes = ['read', 'write', 'moderate', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

export function isRole(value: string): value is Role {
  return (roles as readonly string[]).includes(value);
}

/** The scopes that a person's roles allow; a token never has more than these, whatever it was made with. */
export function scopesOfRoles(held: readonly Role[]): TokenScope[] {
  return tokenScopes.filter(
    (scope) =>
      scope === 'read' ||
      scope === 'write' ||
      (scope === 'moderate' && (held.includes('moderator') || held.includes('reviewer'))) ||
      (scope === 'admin' && held.includes('admin')),
  );
}

interface Rule {
  signedIn: boolean;
  /** Whether somebody who is suspended may, too. */
  whileSuspended: boolean;
  /** Any of these will do; null where none is needed. */
  roles: readonly Role[] | null;
}

/**
 * Who may do a thing. `signed_in` is for what a suspended person keeps: to sign in and out, undo, export, appeal and leave; `user`
 * for everything else of a person's own. `staff` reads cases and appeals without deciding them.
 */
export const permissions = {
  anyone: { signedIn: false, whileSuspended: true, roles: null },
  signed_in: { signedIn: true, whileSuspended: true, roles: null },
  user: { signedIn: true, whileSuspended: false, roles: null },
  moderator: { signedIn: true, whileSuspended: false, roles: ['moderator'] },
  reviewer: { signedIn: true, whileSuspended: false, roles: ['reviewer'] },
  staff: { signedIn: true, whileSuspended: false, roles: ['moderator', 'reviewer', 'admin'] },
  admin: { signedIn: true, whileSuspended: false, roles: ['admin'] },
} as const satisfies Record<string, Rule>;
export type Permission = keyof typeof permissions;

/** What a token needs for a thing, unless its route says otherwise. */
export function scopeOf(permission: Permission, reading: boolean): TokenScope {
  if (permission === 'admin') return 'admin';
  if (reading) return 'read';
  return permissions[permission].roles === null ? 'write' : 'moderate';
}

/** Who asks, as far as rights go. `scopes` limit a token; a session's are null, for it can whatever its person can. */
export interface Asker {
  roles: readonly Role[];
  scopes: readonly TokenScope[] | null;
  suspended: boolean;
}

export type Denial = 'unauthenticated' | 'suspended' | 'role_missing' | 'scope_missing';

/** Why somebody may not do a thing; null where they may. */
export function denialOf(
  { permission, scope }: { permission: Permission; scope: TokenScope },
  asker: Asker | null,
): Denial | null {
  const rule: Rule = permissions[permission];
  if (!asker) return rule.signedIn ? 'unauthenticated' : null;
  if (asker.suspended && !rule.whileSuspended) return 'suspended';
  if (rule.roles && !asker.roles.some((role) => rule.roles?.includes(role))) return 'role_missing';
  return asker.scopes === null || asker.scopes.includes(scope) ? null : 'scope_missing';
}

/** A role to be given or taken. */
export interface RoleChange {
  verb: 'grant' | 'take';
  role: Role;
  /** Whose decision it is; null for the operator's, at the machine itself. */
  actorId: string | null;
  userId: string;
}

/** Why a role is neither given nor taken; null where it is. `admins`: who is one now and isn't suspended. */
export function roleChangeDenial(
  { verb, role, actorId, userId }: RoleChange,
  admins: readonly string[],
): 'role_missing' | 'own_case' | 'last_admin' | null {
  if (actorId !== null && !admins.includes(actorId)) return 'role_missing';
  if (verb === 'grant') return actorId === userId ? 'own_case' : null;
  return role === 'admin' && admins.length === 1 && admins.includes(userId) ? 'last_admin' : null;
}

/** How a suspension ended: by an admin, or by its time. */
export type SuspensionEnding = 'lifted' | 'expired';

/** Why an admin neither suspends somebody nor ends that; null where they do. `admins` as above. */
export function suspensionDenial(
  { actorId, userId }: { actorId: string; userId: string },
  admins: readonly string[],
): 'role_missing' | 'own_case' | null {
  if (!admins.includes(actorId)) return 'role_missing';
  return actorId === userId ? 'own_case' : null;
}
