import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { findPerson } from '../../../adapters/postgres/people';
import { endSessions, endSession, listSessions } from '../../../adapters/postgres/sessions';
import { DomainError } from '../../../domain/errors';
import type { AppContext } from '../../context';
import type { Dependencies } from '../../dependencies';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { clearCookie, sessionCookie } from '../../session-cookie';
import { presentSession, presentUser } from './presenters';
import { currentSessionSchema, idParams, sessionSchema } from './schema';

const readCurrent = defineRoute({
  method: 'get',
  path: '/auth/session',
  summary: 'Who is signed in',
  tags: ['Sign-in'],
  permission: 'signed_in',
  responses: { 200: currentSessionSchema },
  handler: async ({ user, em }) => {
    const person = await findPerson(em, user.userId);
    if (!person) throw new DomainError('unauthenticated');
    return { status: 200, body: { user: presentUser(person) } };
  },
});

const signOut = defineRoute({
  method: 'delete',
  path: '/auth/session',
  summary: 'Sign out of this browser',
  tags: ['Sign-in'],
  permission: 'signed_in',
  responses: { 204: null },
  handler: async ({ user, em, ctx, deps }) => {
    if (user.via === 'session') {
      await em.transactional(async (tx) => {
        await endSession(tx, { userId: user.userId, id: user.credentialId });
        audit(tx, { actorId: user.userId, event: 'session.ended', outcome: 'done', requestId: ctx.state.requestId });
      });
      forgetCookie(ctx, deps);
    }
    return { status: 204 };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/auth/sessions',
  summary: 'Browsers that are signed in',
  tags: ['Sign-in'],
  permission: 'signed_in',
  query: pageQuery,
  responses: { 200: pageOf(sessionSchema) },
  handler: async ({ user, query, em, deps }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listSessions(em, {
      userId: user.userId,
      limit: query.limit + 1,
      after: after?.id ?? null,
      lifetime: deps.config,
    });
    const body = makePage(rows, {
      limit: query.limit,
      present: (row) => presentSession(row, user.credentialId),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_sessions',
    });
    return { status: 200, body };
  },
});

const endMany = defineRoute({
  method: 'delete',
  path: '/auth/sessions',
  summary: 'Sign out everywhere else, or everywhere',
  tags: ['Sign-in'],
  permission: 'signed_in',
  query: z.object({
    current: z
      .enum(['keep', 'end'])
      .default('keep')
      .meta({ description: 'Whether the session that this request came with stays.' }),
  }),
  responses: { 204: null },
  handler: async ({ user, query, em, ctx, deps }) => {
    const keep = user.via === 'session' && query.current === 'keep' ? user.credentialId : null;
    await em.transactional(async (tx) => {
      const ended = await endSessions(tx, { userId: user.userId, keep });
      audit(tx, {
        actorId: user.userId,
        event: keep === null ? 'session.all_ended' : 'session.others_ended',
        outcome: 'done',
        details: { ended },
        requestId: ctx.state.requestId,
      });
    });
    if (user.via === 'session' && keep === null) forgetCookie(ctx, deps);
    return { status: 204 };
  },
});

const endOne = defineRoute({
  method: 'delete',
  path: '/auth/sessions/{id}',
  summary: 'Sign one browser out',
  tags: ['Sign-in'],
  permission: 'signed_in',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user, params, em, ctx, deps }) => {
    await em.transactional(async (tx) => {
      if (!(await endSession(tx, { userId: user.userId, id: params.id }))) throw new DomainError('not_found');
      audit(tx, {
        actorId: user.userId,
        event: 'session.ended',
        outcome: 'done',
        subjectType: 'session',
        subjectId: params.id,
        requestId: ctx.state.requestId,
      });
    });
    if (user.via === 'session' && params.id === user.credentialId) forgetCookie(ctx, deps);
    return { status: 204 };
  },
});

function forgetCookie(ctx: AppContext, { config }: Dependencies): void {
  clearCookie(ctx, { name: sessionCookie, path: '/', https: config.apiUrl.startsWith('https:') });
}

export const sessionRoutes = [readCurrent, signOut, list, endMany, endOne];
