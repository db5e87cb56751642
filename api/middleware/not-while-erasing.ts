import { erasureOf } from '../../adapters/postgres/erasure';
import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import type { Dependencies } from '../dependencies';
import { jobHref } from '../../domain/hrefs';
import type { Route } from '../route';

/** Whether a route starts something that could outlive the request: work, or a flow with a provider. */
export const startsSomething = ({ idempotent, limit }: Pick<Route, 'idempotent' | 'limit'>): boolean =>
  idempotent || limit === 'signIn';

/**
 * Lets nobody start something whose account is being erased. What slips in between is found and ended by the erasure, which
 * looks until nothing is left.
 */
export function notWhileErasing({ orm }: Pick<Dependencies, 'orm'>) {
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    const userId = ctx.state.caller?.userId;
    const jobId = userId === undefined ? null : await erasureOf(orm.em.fork(), userId);
    if (jobId === null) return next();
    throw new DomainError('erasure_in_progress', { resource: { type: 'job', id: jobId, href: jobHref(jobId) } });
  };
}
