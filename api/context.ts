import type { ParameterizedContext } from 'koa';
import type { Logger } from 'pino';
import type { Role, TokenScope } from '../domain/roles';

/** Who calls, as far as this request's session or token proves it. */
export interface Caller {
  userId: string;
  /** Read from the database on this request. */
  roles: Role[];
  /** A session has every scope that the roles allow; a token at most those it was made with. */
  scopes: TokenScope[];
  /** Read from the database on this request, too. */
  suspended: boolean;
  via: 'session' | 'token';
  /** Id of the session or of the token. */
  credentialId: string;
}

/** What the middlewares leave for those after them. */
export interface AppState {
  requestId: string;
  log: Logger;
  /** The route's pattern, never the path: what logs and metrics are labelled with. */
  route: string;
  caller: Caller | null;
}

export type AppContext = ParameterizedContext<AppState>;
export type Next = () => Promise<unknown>;
