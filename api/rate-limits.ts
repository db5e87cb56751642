import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';

export interface RateLimit {
  name: string;
  limiter: RateLimiterAbstract;
}
export interface RateLimits {
  /** Everything under /api/v1, by person, or by address while nobody is signed in. */
  general: RateLimit;
  /** Starts of sign-in and connect flows, by address: each writes a row before anybody has proven who they are. */
  signIn: RateLimit;
}

const perMinute = (name: string, points: number): RateLimit => ({
  name,
  limiter: new RateLimiterMemory({ keyPrefix: name, points, duration: 60 }),
});

/** Limits a minute, counted in this process. */
export function createRateLimits(limits: { general?: number; signIn?: number } = {}): RateLimits {
  return { general: perMinute('requests', limits.general ?? 3000), signIn: perMinute('sign-in', limits.signIn ?? 120) };
}
