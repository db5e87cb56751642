import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Neo4jAccess } from '../engines/neo4j';
import { localSecret } from '../engines/secrets';
import type { Settings } from './settings';

/** How the engines that this start found or made are reached. */
export interface EngineAddresses {
  readonly databaseUrl: string;
  readonly migrationDatabaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | null;
  readonly neo4j: Neo4jAccess;
}

/** The settings that API, worker and the project's commands run with, over what the person has set. */
export function appEnvironment(
  settings: Settings,
  engines: EngineAddresses,
  own: NodeJS.ProcessEnv,
): Record<string, string> {
  const { ports } = settings;
  return {
    DATA_DIR: settings.dataDir,
    API_PORT: String(ports.api.number),
    METRICS_PORT: String(ports.apiMetrics.number),
    TEMPORAL_METRICS_PORT: String(ports.temporalMetrics.number),
    DATABASE_URL: engines.databaseUrl,
    MIGRATION_DATABASE_URL: engines.migrationDatabaseUrl,
    TEMPORAL_ADDRESS: engines.temporalAddress,
    ...(engines.temporalUiUrl ? { TEMPORAL_UI_URL: engines.temporalUiUrl } : {}),
    NEO4J_URI: engines.neo4j.url,
    NEO4J_USER: engines.neo4j.user,
    NEO4J_PASSWORD: engines.neo4j.password,
    VAULT_KEYS: own.VAULT_KEYS || localKeys(settings.dataDir, 'vault', own),
    AUDIT_KEYS: own.AUDIT_KEYS || localKeys(settings.dataDir, 'audit', own),
    ...(settings.sandbox ? { SANDBOX_URL: `http://127.0.0.1:${ports.sandbox.number}` } : {}),
  };
}

/** A key ring of this machine, made once; in production the operator has to bring one. */
function localKeys(dataDir: string, name: string, own: NodeJS.ProcessEnv): string {
  if (own.NODE_ENV === 'production') return '';
  return localSecret(dataDir, name, () => `dev-1:${randomBytes(32).toString('base64url')}`);
}

const fileIn = (dataDir: string) => join(dataDir, 'environment.json');

/** Lets the project's commands reach the running system (`runningEnvironment`); readable by its owner only. */
export function publishEnvironment(dataDir: string, environment: Record<string, string>): void {
  writeFileSync(fileIn(dataDir), JSON.stringify(environment), { mode: 0o600 });
}

export function withdrawEnvironment(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}
