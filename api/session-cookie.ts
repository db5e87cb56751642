import type { AppContext } from './context';

/** Name of the cookie that holds a browser's session. */
export const sessionCookie = 'dnp_session';

export interface CookieToSet {
  name: string;
  value: string;
  path: string;
  expires: Date;
  /** Whether people reach the API by https; a proxy of ours may say so for a single request too. */
  https: boolean;
  /**
   * Also sent with another site's form, as a provider's `form_post` is. Browsers take such a cookie only as Secure, and keep
   * it on plain HTTP at 127.0.0.1 and localhost alone.
   */
  crossSite?: boolean;
}

/** Sets a cookie that scripts can't read. Koa refuses Secure ones on a plain connection unless it is told better. */
export function setCookie(ctx: AppContext, cookie: CookieToSet): void {
  const secure = cookie.https || ctx.secure || cookie.crossSite === true;
  ctx.cookies.secure = secure;
  ctx.cookies.set(cookie.name, cookie.value, {
    path: cookie.path,
    expires: cookie.expires,
    httpOnly: true,
    sameSite: cookie.crossSite ? 'none' : 'lax',
    secure,
    overwrite: true,
  });
}

/** Takes a cookie away. */
export function clearCookie(ctx: AppContext, cookie: Omit<CookieToSet, 'value' | 'expires'>): void {
  setCookie(ctx, { ...cookie, value: '', expires: new Date(0) });
}
