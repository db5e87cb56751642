import type { Middleware } from 'koa';
import type { CallState } from './conduct/world';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Provider sandbox</title></head><body>
<h1>Provider sandbox</h1>
<p>Stands in for Google, Apple, GitHub, Spotify and Apple Music. What it knows and does can be seen and changed here:</p>
<ul>
<li><a href="/admin/users">People</a>, each with a library at <code>/admin/users/{id}/spotify/library</code> and <code>/admin/users/{id}/apple-music/library</code></li>
<li><a href="/admin/catalog/tracks?limit=20">Catalog</a></li>
<li><a href="/admin/calls">Calls so far</a></li>
<li><a href="/admin/faults">Faults that are set</a></li>
</ul></body></html>`;

/** What somebody sees who opens the sandbox's address. */
export const frontPage: Middleware<CallState> = async (ctx, next) => {
  if (ctx.path !== '/' || ctx.method !== 'GET') return next();
  ctx.type = 'html';
  ctx.body = page;
};
