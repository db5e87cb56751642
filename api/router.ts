import { Router } from '@koa/router';
import type { AppContext, AppState, Next } from './context';
import type { Dependencies } from './dependencies';
import { authorize } from './middleware/authorize';
import { onceByKey } from './middleware/idempotency';
import { fileBody } from './middleware/file-body';
import { formBody } from './middleware/form-body';
import { jsonBody } from './middleware/json-body';
import { notWhileErasing, startsSomething } from './middleware/not-while-erasing';
import { rateLimit } from './middleware/rate-limit';
import { checkAnswer } from './response-check';
import type { Answer, RawInput, Route } from './route';
import { validInput } from './valid-input';

/** `/connections/{id}` as the router spells it. */
const routerPath = (path: string): string => `/api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;

/** Hangs every route below `/api/v1`, each behind the same chain: label → limit → authorize → read body → validate → handle. */
export function createRouter(routes: Route[], deps: Dependencies): Router<AppState> {
  const router = new Router<AppState>();
  for (const route of routes) {
    router[route.method](
      routerPath(route.path),
      label(route),
      ...(route.limit ? [rateLimit(deps.limits[route.limit], 'address')] : []),
      authorize(route, deps),
      ...(startsSomething(route) ? [notWhileErasing(deps)] : []),
      ...(route.method === 'get' ? [] : [bodyOf(route)]),
      (ctx: AppContext & { params?: unknown }) => answer(ctx, route, deps),
    );
  }
  return router;
}

function bodyOf({ file, form }: Route) {
  if (file) return fileBody(file);
  return form ? formBody() : jsonBody();
}

function label(route: Route) {
  return (ctx: AppContext, next: Next): Promise<unknown> => {
    ctx.state.route = `/api/v1${route.path}`;
    return next();
  };
}

async function answer(ctx: AppContext & { params?: unknown }, route: Route, deps: Dependencies): Promise<void> {
  const input: RawInput = {
    params: validInput('params', route.params, ctx.params),
    query: validInput('query', route.query, { ...ctx.query }),
    body: validInput('body', route.body, ctx.request.body),
    user: ctx.state.caller,
    em: deps.orm.em.fork(),
    ctx,
    deps,
  };
  const handle = (): Promise<Answer> => route.handler(input);
  const given = route.idempotent ? await onceByKey(ctx, deps, handle) : await handle();
  if (deps.config.NODE_ENV === 'test') checkAnswer(route, given);
  send(ctx, route, given);
}

function send(ctx: AppContext, route: Route, given: Answer): void {
  const shape = route.responses[given.status];
  ctx.status = given.status;
  if (shape && 'contentType' in shape) ctx.type = [shape.contentType].flat()[0] ?? '';
  for (const [name, value] of Object.entries(given.headers ?? {})) ctx.set(name, value);
  if (!ctx.response.get('Cache-Control')) ctx.set('Cache-Control', 'no-store');
  // An empty body would make Koa answer 204 and say that the text is plain.
  ctx.body = given.body ?? null;
  ctx.status = given.status;
}
