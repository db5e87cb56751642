import { forgetEverybody } from '../../support/forget-everybody';
import type { SandboxCall } from '../../support/sandbox-admin';
import { Browser } from './browser';
import {
  arrive,
  consent,
  facts,
  landingOf,
  type Client,
  type Landing,
  type ProviderName,
  type Return,
} from './flow-walker';
import { setStage, type Stage } from './signed-in';

/** How much there is of everything that a flow could leave half-made. */
export type Counts = Record<(typeof counted)[number], number>;
const counted = ['users', 'identities', 'credentials', 'sessions', 'connections', 'account_merges'] as const;

export interface FlowRow {
  id: string;
  provider: string;
  status: string;
  error_code: string | null;
  exchange_attempts: number;
  restarts: number;
  flow_secrets: string;
  callback_secrets: string | null;
  raw_answer: string | null;
}

/** A stage on which flows are begun, disturbed and looked at afterwards. */
export interface FlowStage extends Stage {
  /** Nobody is known, and the sandbox behaves. */
  clear: () => Promise<void>;
  startUrl: (provider: ProviderName, parameters?: Record<string, string>) => string;
  /** A browser that may start a flow there: connecting needs somebody who is signed in. */
  visitor: (provider: ProviderName, user?: string) => Promise<Browser>;
  arrive: (browser: Browser, way: Return, client?: Client) => Promise<Landing>;
  /** A whole flow. */
  walk: (
    browser: Browser,
    provider: ProviderName,
    user: string,
    parameters?: Record<string, string>,
  ) => Promise<Landing>;
  counts: () => Promise<Counts>;
  /** Every flow of a provider, oldest first. */
  flows: (provider: ProviderName) => Promise<FlowRow[]>;
  /** Answers other than errors that the sandbox gave to a call. */
  answered: (place: { service: string; method: string; route: string }) => Promise<number>;
  userOf: (browser: Browser) => Promise<string | null>;
}

/** Flows end as fast as a test can wait: the longest answer that is waited for takes a second. */
export async function setFlowStage(): Promise<FlowStage> {
  const stage = await setStage({ PROVIDER_TIMEOUT_SECONDS: '1', RATE_LIMIT_SIGN_IN: '100000' });
  const { api, system, rows } = stage;
  const startUrl: FlowStage['startUrl'] = (provider, parameters = {}) =>
    `${api.url}/api/v1${facts[provider].base}/start?${new URLSearchParams(parameters)}`;
  const arriveAt: FlowStage['arrive'] = async (browser, way, client) =>
    landingOf(await arrive(browser, way, client), new URL(api.url).origin);
  return {
    ...stage,
    async clear() {
      await forgetEverybody(system.database);
      await system.admin.clearFaults();
      await system.admin.forgetCalls();
    },
    startUrl,
    visitor: (provider, user = 'listener') =>
      provider === 'spotify' ? stage.signedIn(user) : Promise.resolve(new Browser()),
    arrive: arriveAt,
    walk: async (browser, provider, user, parameters) =>
      arriveAt(browser, await consent(browser, startUrl(provider, parameters), { user })),
    async counts() {
      const columns = counted.map((table) => `(select count(*)::int from ${table}) as ${table}`);
      const [row] = await rows<Counts>(`select ${columns.join(', ')}`);
      if (!row) throw new Error('no counts');
      return row;
    },
    flows: (provider) => rows<FlowRow>(`select * from oauth_transactions where provider = ? order by id`, [provider]),
    async answered({ service, method, route }) {
      const fits = (call: SandboxCall) =>
        call.service === service && call.method === method && call.route === route && call.status > 0;
      const calls = (await system.admin.calls()).filter((call) => fits(call) && call.status < 400);
      return calls.reduce((sum, { count }) => sum + count, 0);
    },
    async userOf(browser) {
      const { status, body } = await stage.read(browser, '/auth/session');
      return status === 200 ? (body.user as { id: string }).id : null;
    },
  };
}
