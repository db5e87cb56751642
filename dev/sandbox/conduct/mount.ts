import type { Middleware } from 'koa';

/** Serves the paths below a prefix, which the middleware then sees without it. */
export function mount<State>(prefix: string, middlewares: Middleware<State>[]): Middleware<State> {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(`${prefix}/`)) return next();
    ctx.path = ctx.path.slice(prefix.length);
    let step = 0;
    const run = async (): Promise<void> => {
      const middleware = middlewares[step];
      step += 1;
      if (middleware) await middleware(ctx, run);
    };
    await run();
  };
}
