import { startSystem, type System } from '../../support/system';
import { startApi, type ApiUnderTest } from './api-under-test';
import { Browser } from './browser';

/** The API over the whole system with its workers. */
export interface Stage {
  api: ApiUnderTest;
  system: System;
  /** A browser of its own, signed in with Google as a person of the sandbox's. */
  signedIn: (user: string) => Promise<Browser>;
  signInUrl: string;
  connectUrl: string;
  /** The API's answer to a browser. */
  read: (browser: Browser, path: string) => Promise<{ status: number; body: Record<string, unknown> }>;
  /** Stops the workers: what is started from then on waits. */
  stopWorkers: () => Promise<void>;
  rows: <T>(sql: string, values?: unknown[]) => Promise<T[]>;
  close: () => Promise<void>;
}

export async function setStage(
  environment: Record<string, string> = {},
  workers: Parameters<System['startWorkers']>[0] = {},
): Promise<Stage> {
  const system = await startSystem({ environment });
  const stopWorkers = await system.startWorkers(workers);
  const api = await startApi({ environment: system.environment });
  const signInUrl = `${api.url}/api/v1/auth/google/start`;
  return {
    api,
    system,
    signInUrl,
    connectUrl: `${api.url}/api/v1/connections/spotify/start`,
    async signedIn(user) {
      const browser = new Browser();
      const landed = await browser.finish(await browser.consent(signInUrl, { user }));
      if (landed.searchParams.get('result') !== 'ok') throw new Error(`sign-in ended at ${landed.href}`);
      return browser;
    },
    async read(browser, path) {
      const response = await browser.fetch(`${api.url}/api/v1${path}`);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    stopWorkers,
    rows: (sql, values = []) => system.orm.em.fork().execute(sql, values),
    async close() {
      await api.close();
      await system.close();
    },
  };
}

/** Tells the sandbox what shall go wrong next. */
export async function fault(system: System, what: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${system.sandbox.url}/admin/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(what),
  });
  if (!response.ok) throw new Error(await response.text());
}
