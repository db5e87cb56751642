import { audit } from '../../../adapters/postgres/audit';
import {
  createPersonalToken,
  deletePersonalToken,
  listPersonalTokens,
} from '../../../adapters/postgres/personal-tokens';
import { DomainError } from '../../../domain/errors';
import { scopesOfRoles, type TokenScope } from '../../../domain/roles';
import type { Caller } from '../../context';
import { deny } from '../../middleware/authorize';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { presentToken } from './presenters';
import { createTokenSchema, idParams, newTokenSchema, tokenSchema } from './schema';

const longestDays = 366;

const list = defineRoute({
  method: 'get',
  path: '/auth/tokens',
  summary: 'Your tokens for programs',
  tags: ['Sign-in'],
  permission: 'signed_in',
  query: pageQuery,
  responses: { 200: pageOf(tokenSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listPersonalTokens(em, {
      userId: user.userId,
      limit: query.limit + 1,
      after: after?.id ?? null,
    });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentToken,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_tokens',
    });
    return { status: 200, body };
  },
});

const create = defineRoute({
  method: 'post',
  path: '/auth/tokens',
  summary: 'Make a token for a program',
  description:
    'The token is shown once. It never allows more than the roles of its person, and a token makes none wider than itself.',
  tags: ['Sign-in'],
  permission: 'user',
  body: createTokenSchema,
  responses: { 201: newTokenSchema },
  handler: async ({ user, body, em, ctx, deps }) => {
    const wider = widerScope(user, body.scopes);
    if (wider) throw await deny(ctx, deps, wider.code, { permission: 'user', scope: wider.scope });
    const expiresAt = endDate(body.expiresAt);
    const made = await em.transactional(async (tx) => {
      const token = await createPersonalToken(tx, {
        userId: user.userId,
        name: body.name,
        scopes: body.scopes,
        expiresAt,
      });
      audit(tx, {
        actorId: user.userId,
        event: 'token.created',
        outcome: 'done',
        subjectType: 'token',
        subjectId: token.id,
        details: { scopes: body.scopes.join(' ') },
        requestId: ctx.state.requestId,
      });
      return token;
    });
    return { status: 201, body: { ...presentToken(made), token: made.token } };
  },
});

/** A scope that a token of this caller's can't have, and why; null where it can have all. */
function widerScope(
  user: Caller,
  wanted: TokenScope[],
): { code: 'role_missing' | 'scope_missing'; scope: TokenScope } | null {
  const byRole = scopesOfRoles(user.roles);
  const missing = wanted.find((scope) => !byRole.includes(scope));
  if (missing) return { code: 'role_missing', scope: missing };
  const wider = wanted.find((scope) => !user.scopes.includes(scope));
  return wider ? { code: 'scope_missing', scope: wider } : null;
}

function endDate(text: string): Date {
  const date = new Date(text);
  const days = (date.getTime() - Date.now()) / 86_400_000;
  if (days > 0 && days <= longestDays) return date;
  throw new DomainError('invalid_request', {
    errors: [
      { path: 'body.expiresAt', code: 'out_of_range', message: `In the future, at most ${longestDays} days ahead` },
    ],
  });
}

const remove = defineRoute({
  method: 'delete',
  path: '/auth/tokens/{id}',
  summary: 'Take a token away',
  tags: ['Sign-in'],
  permission: 'signed_in',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user, params, em, ctx }) => {
    await em.transactional(async (tx) => {
      if (!(await deletePersonalToken(tx, { userId: user.userId, id: params.id }))) throw new DomainError('not_found');
      audit(tx, {
        actorId: user.userId,
        event: 'token.deleted',
        outcome: 'done',
        subjectType: 'token',
        subjectId: params.id,
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

export const tokenRoutes = [list, create, remove];
