import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../adapters/environment/config';
import type { VectorDatabase } from '../adapters/lancedb/database';
import type { Graph } from '../adapters/neo4j/graph';
import type { JobWatch } from '../adapters/postgres/job-watch';
import type { MikroORM } from '../adapters/postgres/orm';
import type { PersonWatch } from '../adapters/postgres/person-watch';
import type { ProviderGate } from '../adapters/providers/gate';
import type { DeveloperTokens } from '../adapters/providers/apple-music/developer-token';
import type { AppleMusicClient } from '../adapters/providers/apple-music/types';
import type { ArtistSources } from '../adapters/providers/artist-source';
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
  /** How things stand with each provider's quota. */
  gate: ProviderGate;
  /** Questions about artists to the providers. */
  artistSources: ArtistSources;
  /** Our side of Apple Music; null where it is not configured. */
  appleMusic: { tokens: DeveloperTokens; client: AppleMusicClient } | null;
  /** The artist graph; null where no address is configured. */
  graph: Graph | null;
  /** The index of the catalog; what is missing of it says so when it is asked. */
  vectors: VectorDatabase;
  /** Looks at all jobs that somebody watches here. */
  jobWatch: JobWatch;
  /** Looks at what all people who watch here are told. */
  personWatch: PersonWatch;
  metrics: Metrics;
  limits: RateLimits;
  checks: HealthCheck[];
  /** Aborted when the process is told to stop: open event streams end then. */
  closing: AbortSignal;
}
