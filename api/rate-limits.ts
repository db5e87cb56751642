import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Config } from '../adapters/environment/config';

export interface RateLimit {
  name: string;
  limiter: RateLimiterAbstract;
}
export interface RateLimits {
  /** Everything under /api/v1, by person, or by address while nobody is signed in. */
  general: RateLimit;
  /** Starts of sign-in and connect flows, by address: each writes a row before anybody has proven who they are. */
  signIn: RateLimit;
  /** Their callbacks, by address: each guess at a state looks for a row. */
  callback: RateLimit;
  /** Reports, by address: whoever sends them need not be signed in. */
  reports: RateLimit;
  /** Checks and renewals on demand, by connection: each asks the provider. */
  connectionChecks: RateLimit;
}

/** Enough for somebody who tries again after each step of putting a connection right. */
const CHECKS_PER_MINUTE = 10;

const perMinute = (name: string, points: number): RateLimit => ({
  name,
  limiter: new RateLimiterMemory({ keyPrefix: name, points, duration: 60 }),
});

/** Limits a minute, counted in this process. */
export function createRateLimits(
  config: Pick<Config, 'RATE_LIMIT_REQUESTS' | 'RATE_LIMIT_SIGN_IN' | 'RATE_LIMIT_REPORTS'>,
): RateLimits {
  return {
    general: perMinute('requests', config.RATE_LIMIT_REQUESTS),
    signIn: perMinute('sign-in', config.RATE_LIMIT_SIGN_IN),
    callback: perMinute('sign-in-callback', config.RATE_LIMIT_SIGN_IN),
    reports: perMinute('reports', config.RATE_LIMIT_REPORTS),
    connectionChecks: perMinute('connection-checks', CHECKS_PER_MINUTE),
  };
}
