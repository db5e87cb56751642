import Koa from 'koa';
import type { AppState } from './context';
import type { Dependencies } from './dependencies';
import { docsPages } from './docs/docs-pages';
import { authenticate } from './middleware/authenticate';
import { crossOrigin } from './middleware/cross-origin';
import { observe } from './middleware/observe';
import { oneHost } from './middleware/one-host';
import { problems } from './middleware/problems';
import { rateLimit } from './middleware/rate-limit';
import { requestId } from './middleware/request-id';
import { sameOriginWrites } from './middleware/same-origin-writes';
import { securityHeaders } from './middleware/security-headers';
import { traceRequests } from './middleware/trace-requests';
import { healthPages } from './ops/health';
import { metricsPage } from './ops/metrics-page';
import { connectAppleMusicPage } from './pages/connect-apple-music';
import { homePage } from './pages/home-page';
import { unsubscribePage } from './pages/unsubscribe';
import { createRouter } from './router';
import type { Route } from './route';
import { crossSitePaths } from './sign-in/providers';
import { routes as allRoutes } from './routes';

/** The HTTP side over what it is given; nothing here listens or opens a connection. */
export function createApp(deps: Dependencies, routes: Route[] = allRoutes): Koa<AppState> {
  const { config, log, metrics } = deps;
  const app = new Koa<AppState>({ proxy: config.TRUST_PROXY, maxIpsCount: 1 });
  app.on('error', (error: unknown) => {
    if (!isClientGone(error)) log.error({ err: error }, 'answer failed');
  });
  app.use(requestId(log));
  if (config.tracing) app.use(traceRequests(config));
  app.use(observe(metrics));
  app.use(problems());
  app.use(oneHost(config.apiUrl));
  app.use(securityHeaders(config.apiUrl.startsWith('https:')));
  app.use(healthPages(deps.checks));
  app.use(metricsPage(metrics.registry, config.METRICS_TOKEN));
  app.use(docsPages(routes));
  app.use(crossOrigin(config.webOrigins));
  app.use(authenticate(deps));
  app.use(sameOriginWrites(config.webOrigins, crossSitePaths(config)));
  app.use(homePage(deps));
  app.use(connectAppleMusicPage(deps));
  app.use(rateLimit(deps.limits.general));
  app.use(unsubscribePage(deps));
  const router = createRouter(routes, deps);
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

/** Whoever watched an event stream and closed the page; nothing failed. */
const isClientGone = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
