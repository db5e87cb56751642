import { audit } from '../../adapters/postgres/audit';
import { findSuspension } from '../../adapters/postgres/suspensions';
import { DomainError } from '../../domain/errors';
import { denialOf, type Denial } from '../../domain/roles';
import type { AppContext, Caller, Next } from '../context';
import type { Dependencies } from '../dependencies';
import type { Route } from '../route';
import { suspensionError } from '../suspension-error';

type Asked = Pick<Route, 'permission' | 'scope'>;
type Deps = Pick<Dependencies, 'orm'>;

/**
 * Lets a route's permission and scope through: 401 for nobody, 403 for a person without the role, one who is suspended, or a token
 * without the scope. What a known person was denied is on record.
 */
export function authorize(route: Asked, deps: Deps) {
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    await requireAlso(ctx, deps, route);
    return next();
  };
}

/** For a route that a suspended person may call for some purposes only: refuses them, as if it were not open to them. */
export async function requireNotSuspended(ctx: AppContext, deps: Deps): Promise<void> {
  if (ctx.state.caller?.suspended) throw await deny(ctx, deps, 'suspended', { permission: 'user', scope: 'write' });
}

/** For a route that does more for some of its callers: whether this one is among them. */
export const mayAlso = ({ caller }: AppContext['state'], asked: Asked): boolean =>
  denialOf(asked, caller && askerOf(caller)) === null;

/** The same, and refuses the others, as if the route were not open to them. */
export async function requireAlso(ctx: AppContext, deps: Deps, asked: Asked): Promise<void> {
  const denial = denialOf(asked, ctx.state.caller && askerOf(ctx.state.caller));
  if (denial) throw await deny(ctx, deps, denial, asked);
}

/** Records that a known person was denied something, and says so. */
export async function deny(
  ctx: AppContext,
  { orm }: Deps,
  code: Denial,
  { permission, scope }: Asked,
): Promise<DomainError> {
  const userId = ctx.state.caller?.userId;
  if (userId === undefined) return new DomainError('unauthenticated');
  const { requestId, route } = ctx.state;
  const em = orm.em.fork();
  const details = { code, permission, scope, method: ctx.method, route };
  audit(em, { actorId: userId, event: 'access.denied', outcome: 'denied', details, requestId });
  await em.flush();
  if (code === 'suspended') return suspensionError(await findSuspension(em, userId));
  return new DomainError(code, { params: { permission, scope } });
}

const askerOf = ({ roles, scopes, suspended, via }: Caller) => ({
  roles,
  suspended,
  scopes: via === 'token' ? scopes : null,
});
