import { findConnection, listConnections } from '../../../adapters/postgres/connection-reads';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentConnection } from './presenters';
import { connectionSchema } from './schema';

const list = defineRoute({
  method: 'get',
  path: '/connections',
  summary: 'Your streaming accounts',
  tags: ['Connections'],
  permission: 'signed_in',
  query: pageQuery,
  responses: { 200: pageOf(connectionSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listConnections(em, { userId: user.userId, limit: query.limit + 1, after: after?.id ?? null });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentConnection,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'nothing_connected',
    });
    return { status: 200, body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/connections/{id}',
  summary: 'One streaming account',
  tags: ['Connections'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: connectionSchema },
  handler: async ({ user, params, em }) => {
    const row = await findConnection(em, { userId: user.userId, id: params.id });
    if (!row) throw new DomainError('not_found');
    return { status: 200, body: presentConnection(row) };
  },
});

export const connectionRoutes = [list, read];
