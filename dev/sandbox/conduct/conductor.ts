import { setTimeout as wait } from 'node:timers/promises';
import type { Context, Middleware, Next } from 'koa';
import type { Fault, FaultService } from './faults';
import type { CallRouter, CallState, World } from './world';

/** How a service words an error that a fault asks for without a body of its own. */
export type FaultBody = (status: number) => unknown;

/**
 * Runs each call of a service: counts it, adds latency, and lets the fault that was ordered for it happen.
 *
 * @param latencyMs added to every call
 */
export function conduct(
  world: World,
  service: FaultService,
  router: CallRouter,
  faultBody: FaultBody,
  latencyMs = 0,
): Middleware<CallState> {
  return async (ctx, next) => {
    const route = patternOf(router, ctx.path, ctx.method);
    const fault = world.faults.take(service, ctx.method, route);
    ctx.state.route = route;
    ctx.state.fault = fault;
    const count = (status: number) => world.calls.count(service, ctx.method, route, status);
    const delay = latencyMs + (fault?.delayMs ?? 0);
    if (delay > 0) await wait(delay);
    if (fault?.hangUp) {
      count(0);
      withhold(ctx);
      return;
    }
    if (fault?.landLateMs !== undefined) {
      count(0);
      withhold(ctx);
      performLater(world, fault.landLateMs, next);
      return;
    }
    if (fault?.status !== undefined) answer(ctx, fault, faultBody(fault.status));
    else await next();
    if (fault && fault.status === undefined) amend(ctx, fault.body);
    if (fault?.dropAnswer) withhold(ctx);
    count(fault?.dropAnswer ? 0 : ctx.status);
  };
}

/** The pattern of the route that a path belongs to, with `{name}` for its parameters. */
function patternOf(router: CallRouter, path: string, method: string): string {
  const { pathAndMethod, path: samePath } = router.match(path, method);
  const pattern = (pathAndMethod.at(-1) ?? samePath.at(-1))?.path;
  return typeof pattern === 'string' ? pattern.replaceAll(/:(\w+)/g, '{$1}') : '(unknown)';
}

function answer(ctx: Context, fault: Fault, body: unknown): void {
  ctx.status = fault.status ?? 500;
  if (fault.retryAfter !== undefined) ctx.set('Retry-After', String(fault.retryAfter));
  ctx.body = fault.body ?? body;
}

function amend(ctx: Context, fields: unknown): void {
  const real: unknown = ctx.body;
  const both = [real, fields].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  if (both) ctx.body = { ...(real as object), ...(fields as object) };
}

function withhold(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

function performLater(world: World, ms: number, next: Next): void {
  const timer = setTimeout(() => {
    world.late.delete(timer);
    void next();
  }, ms);
  world.late.add(timer);
}
