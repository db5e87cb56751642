import { connectionLifecycles } from './connection-lifecycle';

/**
 * How well a connection works: `healthy` · `expiring` works, and ends by itself at a known time unless the person renews it ·
 * `degraded` does not work fully now, and renewing the consent would not help · `needs_reconnect` only the person can help, by
 * renewing the consent.
 */
export const healthStates = ['healthy', 'expiring', 'degraded', 'needs_reconnect'] as const;
export type HealthState = (typeof healthStates)[number];

/**
 * What shows that a fault is over: `token` the provider gave or took a token again · `answer` its API answered the account's
 * own question · `consent` the person renewed the consent. Each shows also what those before it show.
 */
const proofs = ['token', 'answer', 'consent'] as const;
export type HealthProof = (typeof proofs)[number];

interface CodeRule {
  health: Exclude<HealthState, 'healthy'>;
  /** The least that ends it. */
  endedBy: HealthProof;
  /** Says only that nothing could be learned now: never replaces what is known. */
  vague?: true;
  /** Waiting does not end it, and its person can do something: by another app, a subscription, a word to the app's owner. */
  wantsPerson?: true;
}

/** Each reason why a connection is not healthy, and the one state that it means. */
export const healthCodes = {
  /** The provider ended the authorisation by its age: six months at Spotify, an unnamed time at Apple Music. */
  token_expired: { health: 'needs_reconnect', endedBy: 'token' },
  /** The provider does not take the refresh token, and does not say why. */
  refresh_rejected: { health: 'needs_reconnect', endedBy: 'token' },
  /** The access token has ended and nothing was given to renew it with. */
  refresh_token_missing: { health: 'needs_reconnect', endedBy: 'consent' },
  /** An access token that had time left was refused, and so was its refresh token: the person took the consent back. */
  revoked_at_provider: { health: 'needs_reconnect', endedBy: 'token' },
  /** What is stored cannot be opened with any key that is here. Ends also when the key is back. */
  decrypt_failed: { health: 'needs_reconnect', endedBy: 'token' },
  /** The provider says that the token lacks a permission. */
  scope_missing: { health: 'needs_reconnect', endedBy: 'consent' },
  /** Spotify's six months are nearly over. */
  consent_expiring: { health: 'expiring', endedBy: 'consent' },
  /** The provider has not answered for a long time, or refuses our own credentials. */
  provider_unavailable: { health: 'degraded', endedBy: 'token', vague: true },
  /** The provider asks us to wait. */
  rate_limited: { health: 'degraded', endedBy: 'answer', vague: true },
  /** The account has no subscription that its API needs (Apple Music). */
  subscription_missing: { health: 'degraded', endedBy: 'answer', wantsPerson: true },
  /** The app is in development mode and its owner has not put this account on its list (Spotify). */
  app_user_not_allowed: { health: 'degraded', endedBy: 'answer', wantsPerson: true },
  /** The app is in development mode and its owner has no Premium (Spotify). */
  app_owner_not_premium: { health: 'degraded', endedBy: 'answer', wantsPerson: true },
} as const satisfies Record<string, CodeRule>;

export type HealthCode = keyof typeof healthCodes;

export interface Health {
  state: HealthState;
  /** Null where it is healthy. */
  code: HealthCode | null;
}

/** What somebody found out about a connection: that a fault is there, or that something works. */
export type HealthFinding = { fault: HealthCode } | { proof: HealthProof };

export const healthOf = (code: HealthCode | null): Health => ({
  state: code === null ? 'healthy' : healthCodes[code].health,
  code,
});

/** How a person is told that they are needed; null where they are not, or where only a time is known by which they will be. */
export function callFor({ state, code }: Health): 'connection.needs_reconnect' | 'connection.degraded' | null {
  if (state === 'needs_reconnect') return 'connection.needs_reconnect';
  const rule: CodeRule | null = code && healthCodes[code];
  return rule?.wantsPerson ? 'connection.degraded' : null;
}

export const isHealthCode = (code: string): code is HealthCode => Object.hasOwn(healthCodes, code);

/**
 * How a connection stands after a finding. A fault that needs the person is never hidden by a lesser one, and one that is known
 * never by one that says only that nothing could be learned; what works again ends what it shows to be over.
 */
export function healthAfter(
  now: Health,
  finding: HealthFinding,
  { consentEnding }: { consentEnding: boolean },
): Health {
  if ('fault' in finding) return worseOf(now, finding.fault);
  if (now.code !== null && !isEndedBy(now.code, finding.proof)) return now;
  return healthOf(consentEnding && finding.proof !== 'consent' ? 'consent_expiring' : null);
}

const severity: Record<HealthState, number> = { healthy: 0, expiring: 1, degraded: 2, needs_reconnect: 3 };

function worseOf(now: Health, fault: HealthCode): Health {
  const found = healthOf(fault);
  const rule: CodeRule = healthCodes[fault];
  if (severity[found.state] !== severity[now.state]) return severity[found.state] > severity[now.state] ? found : now;
  return rule.vague ? now : found;
}

function isEndedBy(code: HealthCode, proof: HealthProof): boolean {
  const needed: HealthProof = healthCodes[code].endedBy;
  return proofs.indexOf(proof) >= proofs.indexOf(needed);
}

/** Whether a provider's tokens can be renewed without the person; those of sign-in accounts can. */
export const isRenewable = (provider: string): boolean =>
  !isStreaming(provider) || connectionLifecycles[provider].refreshable;

const isStreaming = (provider: string): provider is keyof typeof connectionLifecycles =>
  Object.hasOwn(connectionLifecycles, provider);

/** Whether it is worth looking again without the person: our key may be back, and Apple has refused valid tokens before. */
export function mayEndByItself(code: string, provider: string): boolean {
  if (!isHealthCode(code) || healthCodes[code].health !== 'needs_reconnect') return true;
  return code === 'decrypt_failed' || (code === 'token_expired' && !isRenewable(provider));
}

/** Months that a consent at Spotify lasts; refreshing does not extend it (developer.spotify.com blog, 2026-06-18). */
const SPOTIFY_CONSENT_MONTHS = 6;
/** Days before the end of a consent at which its person is told. */
export const CONSENT_WARNING_DAYS = 14;

/** When a consent ends by its age; null where the provider names no such time. */
export function consentEnd(provider: string, consentedAt: Date): Date | null {
  if (provider !== 'spotify') return null;
  const end = new Date(consentedAt);
  end.setUTCMonth(end.getUTCMonth() + SPOTIFY_CONSENT_MONTHS);
  // A month without that day: its last one.
  if (end.getUTCDate() !== consentedAt.getUTCDate()) end.setUTCDate(0);
  return end;
}

/** When the warning of that end is due. */
export function consentWarning(provider: string, consentedAt: Date): Date | null {
  const end = consentEnd(provider, consentedAt);
  return end && new Date(end.getTime() - CONSENT_WARNING_DAYS * 24 * 3600 * 1000);
}
