import type { Config } from '../../../adapters/environment/config';
import { startSystem, type System } from '../../support/system';
import { startApi, type ApiUnderTest } from '../api/api-under-test';
import type { Browser } from '../api/browser';

/** The API and its workers, whose providers can be moved to peers until the first flow starts. */
export interface PeerStage {
  api: ApiUnderTest;
  system: System;
  /** Our callback at a provider. */
  callbackUrl: (provider: string) => string;
  startUrl: (provider: string, parameters?: string) => string;
  /** Puts other clients in the place of those configured, and lets the workers begin. */
  use: (providers: Partial<Pick<Config, 'google' | 'apple' | 'github'>>) => Promise<void>;
  session: (browser: Browser) => Promise<{ status: number; user?: Record<string, unknown> }>;
  rows: <T>(sql: string, values?: unknown[]) => Promise<T[]>;
  close: () => Promise<void>;
}

export async function setPeerStage(): Promise<PeerStage> {
  const system = await startSystem({ environment: { RATE_LIMIT_SIGN_IN: '100000' } });
  const api = await startApi({ environment: system.environment });
  return {
    api,
    system,
    callbackUrl: (provider) => `${api.url}/api/v1/auth/${provider}/callback`,
    startUrl: (provider, parameters = '') => `${api.url}/api/v1/auth/${provider}/start${parameters}`,
    async use(providers) {
      Object.assign(system.config, providers);
      Object.assign(api.config, providers);
      await system.startWorkers();
    },
    async session(browser) {
      const answer = await browser.fetch(`${api.url}/api/v1/auth/session`);
      const { user } = (await answer.json()) as { user?: Record<string, unknown> };
      return { status: answer.status, ...(user ? { user } : {}) };
    },
    rows: (sql, values = []) => system.orm.em.fork().execute(sql, values),
    async close() {
      await api.close();
      await system.close();
    },
  };
}
