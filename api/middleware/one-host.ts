import type { AppContext, Next } from '../context';

/**
 * Sends `localhost` to `127.0.0.1`: cookies belong to one of them, and Spotify refuses redirects to the other.
 * A callback stays where the provider sent it, since its cookie is there.
 */
export function oneHost(apiUrl: string) {
  const { hostname } = new URL(apiUrl);
  return (ctx: AppContext, next: Next): Promise<unknown> | void => {
    const reading = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (hostname !== '127.0.0.1' || ctx.hostname !== 'localhost' || !reading || ctx.path.endsWith('/callback'))
      return next();
    ctx.state.route = 'localhost';
    ctx.status = 308;
    ctx.set('Location', ctx.URL.href.replace('//localhost', '//127.0.0.1'));
    ctx.body = '';
  };
}
