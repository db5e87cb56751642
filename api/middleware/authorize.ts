import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import type { Route } from '../route';

/** Lets a route's permission and scope through: 401 for nobody, 403 for a token without the scope or a person without the role. */
export function authorize({ permission, scope }: Pick<Route, 'permission' | 'scope'>) {
  return (ctx: AppContext, next: Next): Promise<unknown> => {
    const { caller } = ctx.state;
    if (permission !== 'anyone') {
      if (!caller) throw new DomainError('unauthenticated');
      const roles = typeof permission === 'string' ? [permission] : permission;
      if (permission !== 'user' && !caller.roles.some((role) => roles.includes(role)))
        throw new DomainError('role_missing');
    }
    if (caller?.via === 'token' && !caller.scopes.includes(scope))
      throw new DomainError('scope_missing', { params: { scope } });
    return next();
  };
}
