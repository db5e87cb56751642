import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../adapters/environment/config';
import type { MikroORM } from '../adapters/postgres/orm';
import type { Dispatcher } from '../adapters/temporal/dispatch';
import type { Vault } from '../adapters/vault/vault';
import type { Metrics } from './metrics';
import type { HealthCheck } from './ops/health';
import type { RateLimits } from './rate-limits';

/** Everything that the API is given from outside. Made once a process; tests make their own. */
export interface Dependencies {
  config: Config;
  log: Logger;
  orm: MikroORM;
  temporal: Client;
  dispatcher: Dispatcher;
  /** Seals what a sign-in flow keeps between its two requests; nothing here opens a provider's token. */
  vault: Vault;
  metrics: Metrics;
  limits: RateLimits;
  checks: HealthCheck[];
  /** Aborted when the process is told to stop: open event streams end then. */
  closing: AbortSignal;
}
