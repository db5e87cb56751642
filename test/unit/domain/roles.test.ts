import fc from 'fast-check';
import {
  denialOf,
  permissions,
  roleChangeDenial,
  roles,
  scopeOf,
  scopesOfRoles,
  suspensionDenial,
  tokenScopes,
  type Permission,
  type Role,
} from '../../../domain/roles';

describe('what roles allow a token', () => {
  it('everybody reads and writes their own, staff moderates, admins administer', () => {
    expect(scopesOfRoles([])).toEqual(['read', 'write']);
    expect(scopesOfRoles(['moderator'])).toEqual(['read', 'write', 'moderate']);
    expect(scopesOfRoles(['reviewer'])).toEqual(['read', 'write', 'moderate']);
    expect(scopesOfRoles(['admin'])).toEqual(['read', 'write', 'admin']);
  });

  it('a thing needs the scope of whoever may do it', () => {
    expect(scopeOf('user', true)).toBe('read');
    expect(scopeOf('signed_in', false)).toBe('write');
    expect(scopeOf('staff', true)).toBe('read');
    expect(scopeOf('moderator', false)).toBe('moderate');
    expect(scopeOf('reviewer', false)).toBe('moderate');
    expect(scopeOf('admin', true)).toBe('admin');
  });
});

/** The table of the design: who may, of people with no role or one. */
const table: Record<Permission, (Role | 'none')[]> = {
  anyone: ['none', 'moderator', 'reviewer', 'admin'],
  signed_in: ['none', 'moderator', 'reviewer', 'admin'],
  user: ['none', 'moderator', 'reviewer', 'admin'],
  moderator: ['moderator'],
  reviewer: ['reviewer'],
  staff: ['moderator', 'reviewer', 'admin'],
  admin: ['admin'],
};

describe.each(Object.keys(permissions) as Permission[])('what needs %s', (permission) => {
  const need = { permission, scope: scopeOf(permission, false) };
  const asker = (held: readonly Role[], suspended = false) => ({ roles: held, scopes: null, suspended });

  it('is open to nobody in particular only where it says anyone', () => {
    expect(denialOf(need, null)).toBe(permission === 'anyone' ? null : 'unauthenticated');
  });

  it('asks for the role of the table', () => {
    for (const held of ['none', ...roles] as const)
      expect(denialOf(need, asker(held === 'none' ? [] : [held]))).toBe(
        table[permission].includes(held) ? null : 'role_missing',
      );
  });

  it('is closed to the suspended, whatever they hold, but for what they keep', () => {
    const kept = permission === 'anyone' || permission === 'signed_in';
    expect(denialOf(need, asker(roles, true))).toBe(kept ? null : 'suspended');
  });

  it('takes a token with the scope, and no other', () => {
    for (const scope of tokenScopes)
      expect(denialOf(need, { ...asker(roles), scopes: [scope] })).toBe(scope === need.scope ? null : 'scope_missing');
  });
});

describe('giving and taking roles', () => {
  const change = { verb: 'grant', role: 'moderator', actorId: 'a', userId: 'b' } as const;

  it('is for admins, and for the operator at the machine', () => {
    expect(roleChangeDenial(change, ['a'])).toBe(null);
    expect(roleChangeDenial(change, ['b'])).toBe('role_missing');
    expect(roleChangeDenial({ ...change, role: 'admin', actorId: null }, [])).toBe(null);
  });

  it('gives nobody a role by their own hand', () => {
    expect(roleChangeDenial({ ...change, userId: 'a' }, ['a', 'b'])).toBe('own_case');
  });

  it('leaves an admin, whatever is done in whatever order', () => {
    const people = ['a', 'b', 'c'];
    const step = fc.record({
      verb: fc.constantFrom('grant' as const, 'take' as const),
      role: fc.constantFrom(...roles),
      actorId: fc.constantFrom(null, ...people),
      userId: fc.constantFrom(...people),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let admins = ['a'];
        for (const one of steps) {
          if (roleChangeDenial(one, admins) !== null || one.role !== 'admin') continue;
          admins = admins.filter((id) => id !== one.userId);
          if (one.verb === 'grant') admins.push(one.userId);
          expect(admins).not.toEqual([]);
        }
      }),
    );
  });

  it('suspends by admins only, and never oneself', () => {
    expect(suspensionDenial({ actorId: 'a', userId: 'b' }, ['a'])).toBe(null);
    expect(suspensionDenial({ actorId: 'a', userId: 'b' }, ['b'])).toBe('role_missing');
    expect(suspensionDenial({ actorId: 'a', userId: 'a' }, ['a'])).toBe('own_case');
  });
});
