import cors from '@koa/cors';

/** CORS with credentials for the configured origins, and for no other. */
export function crossOrigin(webOrigins: string[]) {
  return cors({
    origin: (ctx) => (webOrigins.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    credentials: (ctx) => webOrigins.includes(ctx.get('Origin')),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'Report-Receipt',
      'X-Request-Id',
    ],
    exposeHeaders: ['Location', 'X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After'],
    maxAge: 600,
  });
}
