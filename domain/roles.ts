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
