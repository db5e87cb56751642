import { RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../../domain/errors';
import { clientAddress } from '../client-address';
import type { AppContext, Next } from '../context';
import type { RateLimit } from '../rate-limits';

/** Counts the request for its person (or address) and says how many are left; beyond the limit it is a 429 with Retry-After. */
export function rateLimit(limit: RateLimit, by: 'caller' | 'address' = 'caller') {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    const address = clientAddress(ctx.ip);
    const key = by === 'caller' ? (ctx.state.caller?.userId ?? address) : address;
    await takeFromLimit(ctx, limit, key);
    await next();
  };
}

/** The same for a key of the handler's own, such as a connection. */
export async function takeFromLimit(ctx: AppContext, { name, limiter }: RateLimit, key: string): Promise<void> {
  const taken = await limiter.consume(key).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
  const seconds = Math.ceil(taken.msBeforeNext / 1000);
  ctx.set('RateLimit-Policy', `"${name}";q=${limiter.points};w=${limiter.duration}`);
  ctx.set('RateLimit', `"${name}";r=${Math.max(0, taken.remainingPoints)};t=${seconds}`);
  if (taken.consumedPoints > limiter.points) throw new DomainError('rate_limited', { retryAfter: seconds });
}
