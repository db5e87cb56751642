import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import swaggerUiFolder from 'swagger-ui-dist/absolute-path';
import { errorCodes } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import { escapeHtml, htmlPage } from '../pages/html';
import type { Route } from '../route';
import { openApiDocument } from './open-api';

const files: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'swagger-ui-standalone-preset.js': 'text/javascript',
};
const initializer = `window.onload = () => {
  window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'StandaloneLayout', withCredentials: true });
};
`;
const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Do Not Play: API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/swagger-ui-standalone-preset.js"></script><script src="/docs/initializer.js"></script></body></html>
`;

/** `/openapi.json`, Swagger UI at `/docs` from its own package, and `/docs/errors` with every error code. */
export function docsPages(routes: Route[]) {
  let document: string | undefined;
  // Made when it is asked for: most processes never are.
  const openApi = () => (document ??= JSON.stringify(openApiDocument(routes)));
  return (ctx: AppContext, next: Next): Promise<unknown> | void => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === '/openapi.json') return give(ctx, '/openapi.json', 'application/json', openApi());
    if (ctx.path === '/docs' || ctx.path === '/docs/') return give(ctx, '/docs', 'text/html', page);
    if (ctx.path === '/docs/errors') return give(ctx, '/docs/errors', 'text/html', errorsPage());
    if (ctx.path === '/docs/initializer.js') return give(ctx, '/docs/{file}', 'text/javascript', initializer);
    const name = ctx.path.startsWith('/docs/') ? ctx.path.slice('/docs/'.length) : '';
    const type = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!type) return next();
    give(ctx, '/docs/{file}', type, createReadStream(join(swaggerUiFolder(), name)));
  };
}

function give(ctx: AppContext, route: string, type: string, body: unknown): void {
  ctx.state.route = route;
  ctx.type = type;
  ctx.body = body;
}

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return htmlPage(
    'Error codes',
    `<h1>Error codes</h1><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}
