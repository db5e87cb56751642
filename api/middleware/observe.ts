import type { AppContext, Next } from '../context';
import type { Metrics } from '../metrics';

/** One log line and one measurement a request, by route pattern: a path can hold ids and a query can hold an OAuth code. */
export function observe(metrics: Metrics) {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    const startedAt = performance.now();
    await next();
    const seconds = (performance.now() - startedAt) / 1000;
    const { route, log, caller } = ctx.state;
    metrics.httpSeconds.observe({ method: methodLabel(ctx.method), route, status: String(ctx.status) }, seconds);
    const line = {
      method: ctx.method,
      route,
      status: ctx.status,
      ms: Math.round(seconds * 1000),
      userId: caller?.userId,
    };
    if (route === '/healthz' || route === '/readyz') log.debug(line, 'answered');
    else log.info(line, 'answered');
  };
}

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
export const methodLabel = (method: string): string => (known.has(method) ? method : 'other');
