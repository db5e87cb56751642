import type { AppContext } from './context';

/** Name of the cookie that holds a browser's session. */
export const sessionCookie = 'dnp_session';

/** Sets a cookie that scripts can't read; Secure where the API is reached by https, which Koa can't see behind a proxy. */
export function setCookie(
  ctx: AppContext,
  cookie: { name: string; value: string; path: string; expires: Date; https: boolean },
): void {
  ctx.cookies.secure = cookie.https;
  ctx.cookies.set(cookie.name, cookie.value, {
    path: cookie.path,
    expires: cookie.expires,
    httpOnly: true,
    sameSite: 'lax',
    secure: cookie.https,
    overwrite: true,
  });
}

/** Takes a cookie away. */
export function clearCookie(ctx: AppContext, cookie: { name: string; path: string; https: boolean }): void {
  setCookie(ctx, { ...cookie, value: '', expires: new Date(0) });
}
