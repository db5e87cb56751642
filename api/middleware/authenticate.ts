import { findPersonalToken } from '../../adapters/postgres/personal-tokens';
import { findSession } from '../../adapters/postgres/sessions';
import { DomainError } from '../../domain/errors';
import { scopesOfRoles, tokenScopes } from '../../domain/roles';
import type { AppContext, Caller, Next } from '../context';
import type { Dependencies } from '../dependencies';
import { sessionCookie } from '../session-cookie';

/**
 * Finds out who calls: by `Authorization: Bearer` where it is sent (a wrong one is refused, it never falls back to the cookie),
 * else by the session's cookie. A cookie that is no longer good means nobody.
 */
export function authenticate(deps: Pick<Dependencies, 'orm' | 'config'>) {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    ctx.state.caller = await callerOf(ctx, deps);
    await next();
  };
}

export async function callerOf(
  ctx: AppContext,
  { orm, config }: Pick<Dependencies, 'orm' | 'config'>,
): Promise<Caller | null> {
  const header = ctx.get('Authorization');
  if (header) {
    const [, token] = /^Bearer ([\w-]{20,200})$/i.exec(header) ?? [];
    const found = token === undefined ? null : await findPersonalToken(orm.em.fork(), token);
    if (!found) throw new DomainError('unauthenticated');
    if (found.expired) throw new DomainError('token_expired');
    const allowed = scopesOfRoles(found.roles);
    return {
      userId: found.userId,
      roles: found.roles,
      scopes: tokenScopes.filter((scope) => found.scopes.includes(scope) && allowed.includes(scope)),
      suspended: found.suspended,
      via: 'token',
      credentialId: found.id,
    };
  }
  const token = ctx.cookies.get(sessionCookie);
  if (!token) return null;
  const session = await findSession(orm.em.fork(), token, config);
  if (!session) return null;
  const { userId, roles, suspended, id } = session;
  return { userId, roles, scopes: scopesOfRoles(roles), suspended, via: 'session', credentialId: id };
}
