import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { EntityManager } from '../adapters/postgres/orm';
import { scopeOf, type Permission, type TokenScope } from '../domain/roles';
import type { AppContext, Caller } from './context';
import type { Dependencies } from './dependencies';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An answer that isn't JSON, such as an event stream or a file. */
export interface StreamedResponse {
  /** The type, or those among which the handler chooses by its own `Content-Type`. */
  contentType: string | readonly [string, ...string[]];
  description: string;
}
export interface FileBody {
  types: readonly [string, ...string[]];
  maxBytes: number;
}
/** JSON by a schema, a stream, or an answer without a body. */
export type ResponseShape = z.ZodType | StreamedResponse | null;
export type Responses = Partial<Record<number, ResponseShape>>;

type Headers = Record<string, string>;
type AnswerOf<R extends Responses> = {
  [S in keyof R & number]: R[S] extends z.ZodType
    ? { status: S; body: z.input<R[S]>; headers?: Headers }
    : R[S] extends StreamedResponse
      ? { status: S; body: Readable; headers?: Headers }
      : { status: S; headers?: Headers };
}[keyof R & number];

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

export interface HandlerInput<A extends Permission, P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** Null only where anyone may call. */
  user: A extends 'anyone' ? Caller | null : Caller;
  /** A unit of work of this request's own. */
  em: EntityManager;
  ctx: AppContext;
  deps: Dependencies;
}

export interface RouteDefinition<
  A extends Permission,
  R extends Responses,
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
> {
  method: Method;
  /** Below `/api/v1`, with parameters in braces: `/connections/{id}`. */
  path: string;
  summary: string;
  description?: string;
  tags: [string, ...string[]];
  /** Who may call. */
  permission: A;
  /** What a personal token needs for it, where that isn't what the permission and the method say. */
  scope?: TokenScope;
  params?: P;
  query?: Q;
  body?: B;
  /** The body is an HTML form's, not JSON. */
  form?: boolean;
  /** The body is a file of one of these types, at most so many bytes; the handler gets it as an `UploadedFile`. */
  file?: FileBody;
  responses: R;
  /** Honours `Idempotency-Key`: for every POST that starts something. */
  idempotent?: boolean;
  /** Counts against a limit of its own, on top of the general one. */
  limit?: 'signIn' | 'callback' | 'reports';
  handler: (input: HandlerInput<A, P, Q, B>) => Promise<AnswerOf<NoInfer<R>>>;
}

/** A route as the router and the documentation see it, whatever its types. */
export interface Route {
  method: Method;
  path: string;
  summary: string;
  description?: string;
  tags: [string, ...string[]];
  permission: Permission;
  scope: TokenScope;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  form: boolean;
  file?: FileBody;
  responses: Responses;
  idempotent: boolean;
  limit?: 'signIn' | 'callback' | 'reports';
  handler: (input: RawInput) => Promise<Answer>;
}
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
  user: Caller | null;
  em: EntityManager;
  ctx: AppContext;
  deps: Dependencies;
}
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Headers;
}

/**
 * One route: its zod schemas validate the request, type the handler, check the answer in tests and document both.
 * The chain before the handler is the same everywhere: authenticate → origin → rate limit → validate → idempotency.
 */
export function defineRoute<
  const A extends Permission,
  const R extends Responses,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(definition: RouteDefinition<A, R, P, Q, B>): Route {
  return {
    ...definition,
    scope: definition.scope ?? scopeOf(definition.permission, definition.method === 'get'),
    form: definition.form ?? false,
    idempotent: definition.idempotent ?? false,
    // The chain has parsed the input with these very schemas and checked the permission, so the shapes are those it wants.
    handler: (input) => definition.handler(input as HandlerInput<A, P, Q, B>),
  };
}
