import { findConnection } from '../../adapters/postgres/connection-reads';
import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import type { Dependencies } from '../dependencies';
import { allowedReturnTo } from '../sign-in/return-to';
import { connectAppleMusicScript } from './connect-apple-music-script';
import { escapeHtml, htmlPage } from './html';

const pagePath = '/connect/apple-music';
const scriptPath = `${pagePath}.js`;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `/connect/apple-music?returnTo=&connectionId=`: where a person gives us their Apple Music, since Apple has no address to send
 * them to: MusicKit asks them, in a page of ours. Ends at `returnTo` with `?result=ok&connectionId=`. Throws
 * `provider_not_configured`, `invalid_return_to`, `not_found` for somebody else's connection.
 */
export function connectAppleMusicPage(deps: Dependencies) {
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === scriptPath) {
      ctx.state.route = scriptPath;
      ctx.type = 'text/javascript';
      ctx.body = connectAppleMusicScript;
      return;
    }
    if (ctx.path !== pagePath) return next();
    ctx.state.route = pagePath;
    const settings = deps.config.appleMusic;
    if (!settings) throw new DomainError('provider_not_configured', { params: { provider: 'apple_music' } });
    const returnTo = allowedReturnTo(one(ctx.query.returnTo) || '/', deps.config);
    const connectionId = one(ctx.query.connectionId);
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'text/html';
    const { caller } = ctx.state;
    if (!caller) {
      ctx.body = htmlPage('Connect Apple Music', strangersPart(ctx));
      return;
    }
    if (connectionId) await requireOwn(deps, caller.userId, connectionId);
    ctx.set(pageHeaders(settings));
    ctx.body = htmlPage('Connect Apple Music', body({ sandbox: settings.sandbox, returnTo, connectionId }));
  };
}

const one = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

async function requireOwn({ orm }: Dependencies, userId: string, id: string): Promise<void> {
  const row = uuid.test(id) ? await findConnection(orm.em.fork(), { userId, id }) : null;
  if (row?.provider !== 'apple_music') throw new DomainError('not_found');
}

function strangersPart(ctx: AppContext): string {
  const here = encodeURIComponent(ctx.url);
  return `<h1>Connect Apple Music</h1><p>Nobody is signed in in this browser.</p>
<p><a class="button" href="/api/v1/auth/google/start?returnTo=${escapeHtml(here)}">Sign in with Google</a></p>`;
}

function body(page: { sandbox: boolean; returnTo: string; connectionId: string }): string {
  const { sandbox, returnTo, connectionId } = page;
  const title = connectionId ? 'Renew Apple Music' : 'Connect Apple Music';
  const same = connectionId
    ? '<p>Choose the account that this connection was made with: Apple tells us no name, so nobody can check it.</p>'
    : '';
  const standIn = sandbox ? '<p>Apple Music is a stand-in here: choose “apple-listener” on its page.</p>' : '';
  return `<h1>${title}</h1>
<p>Apple opens a window and asks whether we may see your library. We keep what it gives us, sealed, until you disconnect. It ends after some months; then you are asked again, since nothing can renew it. To take it back, disconnect here: Apple offers no call for that.</p>
${same}${standIn}
<p id="said" class="note" role="status" hidden></p>
<div id="connect" data-return-to="${escapeHtml(returnTo)}" data-connection-id="${escapeHtml(connectionId)}">
<p><button id="authorize" class="button" disabled>Continue with Apple Music</button> <a id="back" hidden>Back</a></p></div>
<noscript><p class="note">Apple’s page needs JavaScript.</p></noscript>
<script src="${scriptPath}" defer></script>`;
}

/** Apple's script with what it loads and asks; and its window may speak to ours, which a page of its own group could not. */
function pageHeaders({ musicKitUrl, sandbox }: { musicKitUrl: string; sandbox: boolean }): Record<string, string> {
  const kit = new URL(musicKitUrl).origin;
  const apple = sandbox ? kit : `${kit} https://*.apple.com`;
  const pictures = sandbox ? '' : ' https://*.mzstatic.com';
  const policy = [
    `default-src 'self'`,
    `script-src 'self' ${kit}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:${pictures}`,
    `connect-src 'self' ${apple}`,
    `frame-src ${apple}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ];
  return {
    'Content-Security-Policy': policy.join(';'),
    'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
  };
}
