import { Readable } from 'node:stream';
import type { z } from 'zod';
import {
  exportBytes,
  findExport,
  listExports,
  startExport,
  type ExportRow,
} from '../../../adapters/postgres/account-exports';
import { audit } from '../../../adapters/postgres/audit';
import { DomainError } from '../../../domain/errors';
import { exportHref, jobHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { exportSchema, startedExportSchema } from './exports-schema';

const start = defineRoute({
  method: 'post',
  path: '/me/export',
  summary: 'Have a file made with everything you have here',
  description:
    'One gzipped JSON document: profile, sign-in accounts, sessions, tokens (never the tokens themselves), connections with their libraries, blocks, plans, runs, jobs and your own audit trail. It is kept for seven days. One that is being made is joined.',
  tags: ['Me'],
  permission: 'signed_in',
  responses: { 202: startedExportSchema },
  idempotent: true,
  handler: async ({ user, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { userId } = user;
    const { exportId, jobId, outboxId } = await em.transactional(async (tx) => {
      const started = await startExport(tx, { userId, requestId });
      if (!started.joined)
        audit(tx, {
          actorId: userId,
          event: 'account.export_requested',
          outcome: 'done',
          subjectType: 'export',
          subjectId: started.exportId,
          requestId,
        });
      return started;
    });
    if (outboxId) await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { jobId, exportId }, headers: { Location: jobHref(jobId) } };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/me/exports',
  summary: 'The files that were made for you',
  tags: ['Me'],
  permission: 'signed_in',
  query: pageQuery,
  responses: { 200: pageOf(exportSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listExports(em, { userId: user.userId, limit: query.limit + 1, after: after?.id ?? null });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentExport,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_exports',
    });
    return { status: 200, body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/me/exports/{id}',
  summary: 'One of the files that were made for you',
  tags: ['Me'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: exportSchema },
  handler: async ({ user, params, em }) => {
    const row = await findExport(em, { userId: user.userId, id: params.id });
    if (!row) throw new DomainError('not_found');
    return { status: 200, body: presentExport(row) };
  },
});

const file = defineRoute({
  method: 'get',
  path: '/me/exports/{id}/file',
  summary: 'The file itself',
  description:
    '`409 export_not_ready` while it is being made or where that failed, `410 export_expired` once the seven days are over.',
  tags: ['Me'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: { contentType: 'application/gzip', description: 'One JSON document, gzipped.' } },
  handler: async ({ user, params, em, ctx }) => {
    const row = await findExport(em, { userId: user.userId, id: params.id });
    if (!row) throw new DomainError('not_found');
    if (row.status === 'expired')
      throw new DomainError('export_expired', { action: { code: 'export_account', href: '/api/v1/me/export' } });
    if (row.status !== 'ready' || row.size === null)
      throw new DomainError('export_not_ready', {
        params: { status: row.status },
        action: { code: 'watch_job', href: jobHref(row.jobId) },
      });
    const { id, size, createdAt } = row;
    await em.transactional(async (tx) => {
      const { requestId } = ctx.state;
      const about = { subjectType: 'export', subjectId: id, requestId };
      audit(tx, { actorId: user.userId, event: 'account.export_fetched', outcome: 'done', ...about });
    });
    const name = `do-not-play-account-${createdAt.toISOString().slice(0, 10)}.json.gz`;
    return {
      status: 200,
      body: Readable.from(exportBytes(em, { id, size })),
      headers: { 'Content-Disposition': `attachment; filename="${name}"`, 'Content-Length': String(size) },
    };
  },
});

function presentExport(row: ExportRow): z.input<typeof exportSchema> {
  return {
    id: row.id,
    jobId: row.jobId,
    status: row.status,
    size: row.size,
    failure: row.failureCode === null ? null : { code: row.failureCode },
    href: row.status === 'ready' ? `${exportHref(row.id)}/file` : null,
    createdAt: row.createdAt.toISOString(),
    readyAt: row.readyAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

export const exportRoutes = [start, list, read, file];
