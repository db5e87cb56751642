import { isHealthCode, type HealthCode } from './connection-health';
import { reconnectPath } from './connection-lifecycle';
import { providerAppHref } from './hrefs';

export interface HealthAction {
  code: 'reconnect' | 'use_own_app' | 'subscribe';
  href: string;
}

/** Where a person brings an app of their own, in which nobody else decides who may use it. */
const ownApp = { code: 'use_own_app', href: providerAppHref('spotify') } as const;

const actions: Partial<Record<HealthCode, HealthAction>> = {
  app_user_not_allowed: ownApp,
  app_owner_not_premium: ownApp,
  subscription_missing: { code: 'subscribe', href: 'https://music.apple.com/subscribe' },
};

/** What the person can do about how a connection stands; null where there is nothing to do, or nothing but wait. */
export function healthAction(row: {
  id: string;
  provider: string;
  health: string;
  healthCode: string | null;
}): HealthAction | null {
  if (row.health === 'needs_reconnect' || row.health === 'expiring')
    return { code: 'reconnect', href: reconnectPath(row) };
  return row.healthCode !== null && isHealthCode(row.healthCode) ? (actions[row.healthCode] ?? null) : null;
}
