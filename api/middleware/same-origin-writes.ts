import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';

/**
 * A write that is authenticated by a cookie must come from an allowed origin, or another site could make the browser send it.
 * Browsers name the origin on every write; without one only their own word that the page is ours is taken. Paths that other sites
 * are meant to post to are left out: nothing there is done in the name of the session.
 */
export function sameOriginWrites(webOrigins: string[], crossSite: string[]) {
  return (ctx: AppContext, next: Next): Promise<unknown> => {
    const reading = ctx.method === 'GET' || ctx.method === 'HEAD' || ctx.method === 'OPTIONS';
    if (reading || ctx.state.caller?.via !== 'session' || crossSite.includes(ctx.path)) return next();
    const origin = ctx.get('Origin');
    const allowed = origin ? webOrigins.includes(origin) : ctx.get('Sec-Fetch-Site') === 'same-origin';
    if (!allowed) throw new DomainError('origin_not_allowed');
    return next();
  };
}
