import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import type { Catalog } from '../catalog/catalog';
import type { AppleAccounts } from '../state/apple-music';
import type { Bookkeeping } from '../state/bookkeeping';
import type { Lagging } from '../state/lagging';
import type { SandboxState } from '../state/model';
import type { CallCounter } from './calls';
import type { Fault, FaultBook } from './faults';
import type { QuotaBook } from './quotas';
import type { SecretBook } from './secrets';

export type Dialect = 'development' | 'extended';

/** What every route of the sandbox works with. */
export interface World {
  /** The address it listens on, without a slash at the end. */
  url: string;
  dialect: Dialect;
  rotateRefreshTokens: boolean;
  latencyMs: number;
  catalog: Catalog;
  /** Libraries at Spotify. */
  books: Bookkeeping;
  /** Accounts at Apple Music. */
  appleMusic: Lagging<AppleAccounts>;
  /** Grants, codes, tokens and the signing key; the libraries are in `books` and `appleMusic`. */
  state: Omit<SandboxState, 'shelves' | 'appleMusic' | 'secrets'>;
  /** Tells that `state` was changed in place. */
  changed(): void;
  faults: FaultBook;
  calls: CallCounter;
  /** Calls to Spotify's Web API by developer account. */
  spotifyCalls: QuotaBook;
  secrets: SecretBook;
  /** Calls that were dropped and have yet to be performed. */
  late: Set<NodeJS.Timeout>;
}

/** What the conductor and the authorization leave for the handlers. */
export interface CallState {
  /** The route pattern, as in `/playlists/{id}/items`. */
  route: string;
  fault?: Fault;
  /** Who calls, once the access token is checked. */
  caller?: { userId: string; scopes: string[] };
  /** Which calls the app has that it comes through. */
  dialect?: Dialect;
}

export type Call = RouterContext<CallState>;
export type CallRouter = Router<CallState>;

/** The body of a request as an object; anything else counts as empty. */
export function bodyOf(call: Call): Record<string, unknown> {
  const body: unknown = call.request.body;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
}

/** One query parameter as a text; of a repeated one, the first. */
export function queryText(call: Call, name: string): string | undefined {
  const value = call.query[name];
  return Array.isArray(value) ? value[0] : value;
}
