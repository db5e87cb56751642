import type { AppContext, Next } from '../context';

/** One engine that the API stands on. */
export interface HealthCheck {
  name: string;
  /** Without a required engine the API isn't ready; without another it is degraded. */
  required: boolean;
  /** Rejects when the engine doesn't answer. */
  check: () => Promise<unknown>;
}

export interface EngineHealth {
  name: string;
  status: 'up' | 'down';
  milliseconds: number;
}

/** No check may take longer, in milliseconds. */
const patience = 2_000;

/** Asks all engines at once. `ready` while the required ones answer, `degraded` when another one is away. */
export async function readiness(
  checks: HealthCheck[],
): Promise<{ status: 'ready' | 'degraded' | 'unavailable'; engines: EngineHealth[] }> {
  const engines = await Promise.all(checks.map(askOne));
  const missing = checks.filter((_, index) => engines[index]?.status === 'down');
  const status = missing.some((check) => check.required) ? 'unavailable' : missing.length > 0 ? 'degraded' : 'ready';
  return { status, engines };
}

async function askOne({ name, check }: HealthCheck): Promise<EngineHealth> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), patience);
  });
  try {
    await Promise.race([check(), tooLong]);
    return { name, status: 'up', milliseconds: Math.round(performance.now() - startedAt) };
  } catch {
    return { name, status: 'down', milliseconds: Math.round(performance.now() - startedAt) };
  } finally {
    clearTimeout(timer);
  }
}

/** `/healthz`: the process answers. `/readyz`: the engines do; 200 while PostgreSQL and Temporal answer, else 503. */
export function healthPages(checks: HealthCheck[]) {
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === '/healthz') {
      ctx.state.route = '/healthz';
      ctx.body = { status: 'ok' };
      return;
    }
    if (ctx.path !== '/readyz') return next();
    ctx.state.route = '/readyz';
    const answer = await readiness(checks);
    ctx.status = answer.status === 'unavailable' ? 503 : 200;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = answer;
  };
}
