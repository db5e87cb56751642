import { join } from 'node:path';
import { builtInStyleModel, type StyleModelSettings } from '../../domain/style/style-model';
import type { Switches } from '../postgres/operator-switches';
import { type AuditSettings, auditSettings } from './audit-settings';
import { type EmailSettings, emailSettings } from './email-settings';
import { originOf } from './origin-of';
import { providerClients, type ProviderClients } from './provider-clients';
import { tracingSettings, type TracingSettings } from './tracing-settings';
import { configSchema, type Environment } from './variables';

export interface Config extends Environment, ProviderClients {
  /** Public origin of the API, e.g. `http://127.0.0.1:8080`. */
  apiUrl: string;
  /** Where the vector tables are: a folder, or an address of object storage. */
  lancedbUri: string;
  /** What seals the audit, and where its latest seal is kept. */
  audit: AuditSettings;
  /** How e-mails are sent; null where they are not. */
  email: EmailSettings | null;
  /** What places artists by their genres. */
  styleModel: StyleModelSettings;
  /** How traces are sent; null where they aren't. */
  tracing: TracingSettings | null;
  /** What the operator has switched on and off. */
  switches: Switches;
  /** Origins allowed to call with credentials and to be returned to; the first is the API's own. */
  webOrigins: string[];
}

/** All faults of an environment at once, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: string[]) {
    super(faults.join('\n'));
  }
}

/** Reads the configuration from an environment. Empty variables count as absent. Throws ConfigError. */
export function loadConfig(environment: Record<string, string | undefined> = process.env): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = configSchema.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const env = parsed.data;
  const faults: string[] = [];
  const apiUrl = env.API_URL ? originOf(env.API_URL) : `http://127.0.0.1:${env.API_PORT}`;
  let webOrigins: string[] = [apiUrl];
  try {
    webOrigins = [
      ...new Set([
        apiUrl,
        ...env.WEB_ORIGINS.split(',')
          .filter((text) => text.trim())
          .map(originOf),
      ]),
    ];
  } catch {
    faults.push('WEB_ORIGINS: must be origins such as https://app.example.org, comma separated');
  }
  const clients = providerClients(env, faults);
  const email = emailSettings(env, faults);
  const tracing = tracingSettings(env, faults);
  if (env.NODE_ENV === 'production') faults.push(...productionFaults(env, webOrigins));
  if (faults.length > 0) throw new ConfigError(faults);
  const lancedbUri = env.LANCEDB_URI ?? join(env.DATA_DIR, 'lancedb');
  const styleModel = env.STYLE_MODEL ?? builtInStyleModel;
  const switches = { offenses: env.OFFENSES_ENABLED, comparative_analytics: env.COMPARATIVE_ANALYTICS_ENABLED };
  const settings = { audit: auditSettings(env), email, lancedbUri, styleModel, switches, tracing };
  return { ...env, ...clients, ...settings, apiUrl, webOrigins };
}

function productionFaults(env: Environment, origins: string[]): string[] {
  const faults: string[] = [];
  if (env.SANDBOX_URL) faults.push('SANDBOX_URL: the sandbox is refused in production');
  if (env.VAULT_KEYS.some(({ kid }) => kid.startsWith('dev')))
    faults.push('VAULT_KEYS: development keys are refused in production');
  if (auditSettings(env).keys.some(({ kid }) => kid.startsWith('dev')))
    faults.push('AUDIT_KEYS: must be set in production, and not to development keys');
  for (const origin of origins) {
    if (!origin.startsWith('https://')) faults.push(`WEB_ORIGINS, API_URL: ${origin} must use https in production`);
  }
  return faults;
}
