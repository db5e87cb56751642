import { z } from 'zod';
import { appealWindowDays } from '../../domain/redress';
import { spotifyAppList } from './spotify-apps';
import { styleModel as styleModelSetting } from './style-model';
import { tracingVariables } from './tracing-settings';
import {
  applePrivateKey,
  callsPerSecond,
  days,
  epsilon,
  flag,
  keyRing,
  most,
  optional,
  perMinute,
  port,
  quotaName,
  url,
} from './variable-kinds';

/** Every setting, named by its environment variable. `.env.example` is made from this. */
export const configSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('Production refuses the sandbox and plain HTTP.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
  DATA_DIR: z.string().min(1).default('.data').describe('Folder for everything that one machine keeps.'),

  API_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the API listens on.'),
  API_PORT: port(8080, 'Port of the API'),
  API_URL: url('Public origin of the API, without a path; by default made from API_PORT.'),
  METRICS_PORT: port(9464, 'Port of /metrics in this process'),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,200}$/)
    .optional()
    .describe(
      'Token, of at least 32 characters, with which /metrics is read on the API’s own port, too; without it, it isn’t there.',
    ),
  TEMPORAL_METRICS_PORT: port(9466, 'Port of the worker’s /metrics of Temporal’s own (temporal_*)'),
  WEB_ORIGINS: z
    .string()
    .default('http://127.0.0.1:5173,http://127.0.0.1:3000')
    .describe('Origins of web frontends, comma separated; the API’s own is always among them.'),
  TRUST_PROXY: flag(false, 'Whether X-Forwarded-* headers come from a proxy of ours.'),

  RATE_LIMIT_REQUESTS: perMinute(3000, 'Requests that one person, or one address, may make in a minute.'),
  RATE_LIMIT_SIGN_IN: perMinute(
    120,
    'Sign-ins that one address may start in a minute, and as many that it may finish.',
  ),
  RATE_LIMIT_REPORTS: perMinute(10, 'Reports that one address may send in a minute.'),
  CASE_CLAIM_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('Minutes for which a moderator holds a case without doing anything with it.'),
  SESSION_IDLE_DAYS: days(14, 'Days after which a browser’s session ends when it is not used.'),
  SESSION_ABSOLUTE_DAYS: days(90, 'Days after which a browser’s session ends in any case.'),

  DATABASE_URL: z
    .url()
    .default('postgres://dnp_app@127.0.0.1:5544/do_not_play')
    .describe('PostgreSQL as the application sees it.'),
  MIGRATION_DATABASE_URL: url('PostgreSQL as the owner of the tables sees it; only migrations use it.'),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233').describe('Temporal frontend, host:port.'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace.'),
  TEMPORAL_UI_URL: url('Where people open the Temporal UI.'),
  NEO4J_URI: optional('Neo4j, bolt://host:port; without it the graph is away.'),
  NEO4J_USER: z.string().min(1).default('neo4j').describe('Neo4j user.'),
  NEO4J_PASSWORD: optional('Neo4j password.'),
  LANCEDB_URI: optional(
    'Folder of the vector tables, or object storage such as s3://bucket/path; lancedb in DATA_DIR by default.',
  ),

  STYLE_MODEL: styleModelSetting,

  VAULT_KEYS: keyRing.describe(
    'Vault keys, kid:base64url of 32 bytes, comma separated; the first encrypts, all decrypt.',
  ),
  AUDIT_KEYS: keyRing
    .optional()
    .describe('Keys that seal the audit, as those of the vault; the first seals, all check. Keep each one for good.'),
  AUDIT_HEAD: optional(
    'File that keeps the latest seal of the audit, for API and workers alike, out of the database’s reach; audit-head.json in DATA_DIR by default.',
  ),

  SMTP_URL: optional(
    'Mail server, smtp://user:password@host:587 or smtps://host:465; without it nobody is told by e-mail. Production sends with TLS only.',
  ),
  SMTP_FROM: optional('Sender of e-mails, e.g. Do Not Play <no-reply@example.org>.'),

  SANDBOX_URL: url('Provider sandbox, used for each provider that has no credentials below.'),
  GOOGLE_CLIENT_ID: optional('Google OAuth client id; switches Google from the sandbox to the real service.'),
  GOOGLE_CLIENT_SECRET: optional('Google OAuth client secret.'),
  APPLE_CLIENT_ID: optional('Services ID for Sign in with Apple; switches it from the sandbox to the real service.'),
  APPLE_TEAM_ID: optional('Apple developer team id.'),
  APPLE_KEY_ID: optional('Id of the key for Sign in with Apple.'),
  APPLE_PRIVATE_KEY: applePrivateKey('Sign in with Apple'),
  GITHUB_CLIENT_ID: optional('GitHub client id; switches GitHub from the sandbox to the real service.'),
  GITHUB_CLIENT_SECRET: optional('GitHub client secret.'),
  SPOTIFY_CLIENT_ID: optional('Spotify client id; switches Spotify from the sandbox to the real service.'),
  SPOTIFY_CLIENT_SECRET: optional('Spotify client secret.'),
  SPOTIFY_QUOTA: quotaName('spotify-default', 'Name of the developer account whose quota the client id uses.'),
  SPOTIFY_APPS: spotifyAppList,
  SPOTIFY_CALLS_PER_SECOND: callsPerSecond('Calls a second that the gate lets through to Spotify’s Web API.'),
  SPOTIFY_API_URL: url('Base of Spotify’s Web API, where it is neither the real one nor the sandbox’s.'),
  APPLE_MUSIC_TEAM_ID: optional(
    'Apple developer team id for Apple Music; switches it from the sandbox to the real one.',
  ),
  APPLE_MUSIC_KEY_ID: optional('Id of the key for Apple Music (a media identifier’s).'),
  APPLE_MUSIC_PRIVATE_KEY: applePrivateKey('Apple Music'),
  APPLE_MUSIC_QUOTA: quotaName('apple-music-default', 'Name of the quota that calls with the developer token use.'),
  APPLE_MUSIC_CALLS_PER_SECOND: callsPerSecond('Calls a second that the gate lets through to Apple Music’s API.'),
  UNATTENDED_CAP_ITEMS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(50)
    .describe('Most items that a weekly run takes out with nobody looking on.'),
  UNATTENDED_CAP_PERCENT: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(2)
    .describe('The same as a part of the library, in percent; whichever is more counts.'),
  OFFENSES_ENABLED: flag(
    true,
    'Whether people submit and go by offenses here. Off, none of it is shown and none of it blocks.',
  ),
  OFFENSES_PENDING_MOST: most(10, 'Offenses of one person that may wait for a moderator at the same time.'),
  OFFENSES_A_DAY_MOST: most(20, 'Offenses, and sources for those of others, that one person may submit in 24 hours.'),
  UNATTENDED_LIST_HOURS: z.coerce
    .number()
    .int()
    .min(0)
    .max(8_760)
    .default(48)
    .describe(
      'Hours that a version of a community list has to be old before a run that nobody looks on at goes by what it adds.',
    ),
  COMPARATIVE_ANALYTICS_ENABLED: flag(
    true,
    'Whether people can compare their figures with those of others, noised. Off, nothing is shown and nothing released.',
  ),
  COMPARATIVE_EPSILON: epsilon(0.25, 2, 'The ε of one release of figures to compare with; δ is 0.'),
  COMPARATIVE_EPSILON_CAP: epsilon(
    6,
    20,
    'The ε of all releases together, for good: where it is spent, nothing more is released.',
  ),
  COMPARATIVE_EVERY_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(28)
    .describe('Days from one release to the next.'),
  COMPARATIVE_THRESHOLD: z.coerce
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(10)
    .describe('Fewest people, by the noised counts, of whom a group is shown.'),
  APPEAL_WINDOW_DAYS: days(
    appealWindowDays,
    'Days that a person has to appeal, from when they were told of a decision.',
  ),
  APPEAL_DECISION_HOURS: z.coerce
    .number()
    .positive()
    .max(8_760)
    .default(72)
    .describe(
      'Hours after which an appeal that nobody has decided is escalated, and again each time as many have passed.',
    ),
  PROVIDER_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(60)
    .default(10)
    .describe('Longest wait for one provider answer.'),

  ...tracingVariables,

  SANDBOX_PORT: port(8090, 'Port of the provider sandbox (npm start)'),
  SANDBOX_CATALOG: optional('CSV with the sandbox’s catalog (npm start); the bundled one by default.'),
  WORKER_METRICS_PORT: port(9465, 'Port of the worker’s /metrics (npm start)'),
  TEMPORAL_PORT: port(7233, 'Port of Temporal (npm start)'),
  TEMPORAL_UI_PORT: port(8233, 'Port of the Temporal UI (npm start)'),
  POSTGRES_PORT: port(5544, 'Port of PostgreSQL (npm start)'),
  NEO4J_PORT: port(7687, 'Port of Neo4j (npm start)'),
});

export type Environment = z.infer<typeof configSchema>;
