import { createHash, timingSafeEqual } from 'node:crypto';
import type { Registry } from 'prom-client';
import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * `/metrics` on the API's own port, for whoever can't reach the other one: only where a token is set, and only for who shows it as
 * `Authorization: Bearer`. Without one it is an address that there isn't.
 */
export function metricsPage(registry: Registry, token: string | undefined) {
  const expected = token === undefined ? null : digest(`Bearer ${token}`);
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    if (expected === null || ctx.path !== '/metrics' || ctx.method !== 'GET') return next();
    ctx.state.route = '/metrics';
    if (!timingSafeEqual(digest(ctx.get('Authorization')), expected)) throw new DomainError('unauthenticated');
    ctx.set('Cache-Control', 'no-store');
    ctx.body = await registry.metrics();
    ctx.set('Content-Type', registry.contentType);
    return undefined;
  };
}
