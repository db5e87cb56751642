import { v7 } from 'uuid';
import type { Logger } from 'pino';
import type { AppContext, Next } from '../context';

/** What an incoming id may look like, so that it can go into headers, logs and memos as it is. */
const sane = /^[A-Za-z0-9._-]{8,64}$/;

/** Names the request: the caller's own `X-Request-Id` where it is sane, else a new one; it is in the answer and in every log line. */
export function requestId(log: Logger) {
  return (ctx: AppContext, next: Next): Promise<unknown> => {
    const given = ctx.get('X-Request-Id');
    ctx.state.requestId = sane.test(given) ? given : v7();
    ctx.state.log = log.child({ requestId: ctx.state.requestId });
    ctx.state.route = 'unmatched';
    ctx.state.caller = null;
    ctx.set('X-Request-Id', ctx.state.requestId);
    return next();
  };
}
