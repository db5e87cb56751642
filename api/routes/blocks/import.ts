import { z } from 'zod';
import { readBlockFile } from '../../../adapters/files/block-file';
import { confirmBlockImport } from '../../../adapters/postgres/block-import-end';
import { settleImportRow } from '../../../adapters/postgres/block-import-pages';
import { findBlockImport, startBlockImport } from '../../../adapters/postgres/block-imports';
import { audit } from '../../../adapters/postgres/audit';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { UploadedFile } from '../../uploaded-file';
import { idParams } from '../auth/schema';
import { presentImportRows, presentImports } from './import-presenters';
import {
  importQuery,
  importRowParams,
  importRowSchema,
  importSchema,
  settleRowSchema,
  startedImportSchema,
} from './imports-schema';

const start = defineRoute({
  method: 'post',
  path: '/blocks/import',
  summary: 'Import blocks from a file',
  description:
    'CSV with a header (`artist_id`, `name`, `spotify`, `apple_music`, `musicbrainz`, `note`, `tags`, `expires_at`, `on_expiry`; one that names artists is needed, others are passed by) or JSON (a list, or a document with one under `blocks` or `items`), in UTF-8, at most 10 MB and 100,000 rows. Ids say who is meant; a name alone does where one artist goes by it, and otherwise you are asked. A row that cannot be read is told and passed by; a file that cannot be read is refused with the row: `import_not_utf8`, `import_not_csv`, `import_not_json`. One import at a time.',
  tags: ['Blocks'],
  permission: 'user',
  query: importQuery,
  file: { types: ['text/csv', 'application/json'], maxBytes: 10 * 1024 * 1024 },
  body: z.custom<UploadedFile>((body) => body instanceof UploadedFile),
  responses: { 202: startedImportSchema },
  idempotent: true,
  handler: async ({ user, query, body, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { userId } = user;
    const rows = readBlockFile(body.chunks(), body.type === 'text/csv' ? 'csv' : 'json');
    const asked = { userId, mode: query.mode, dryRun: query.dryRun, confirmed: query.confirm, requestId };
    const { importId, jobId, outboxId } = await em.transactional(async (tx) => {
      const started = await startBlockImport(tx, asked, rows);
      audit(tx, {
        actorId: userId,
        event: 'blocks.import_started',
        outcome: 'done',
        subjectType: 'block_import',
        subjectId: started.importId,
        details: { mode: query.mode, dryRun: query.dryRun },
        requestId,
      });
      return started;
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { jobId, importId }, headers: { Location: jobHref(jobId) } };
  },
});

const settle = defineRoute({
  method: 'put',
  path: '/blocks/imports/{id}/rows/{row}',
  summary: 'Say whom a doubtful row means',
  description:
    'One of its candidates or any other artist, who is blocked as the row says; null for nobody. `409 import_row_settled` for a row that is not in doubt.',
  tags: ['Blocks'],
  permission: 'user',
  params: importRowParams,
  body: settleRowSchema,
  responses: { 200: importRowSchema },
  handler: async ({ user: { userId }, params, body, em, ctx }) => {
    const { requestId } = ctx.state;
    const choice = { userId, importId: params.id, seq: params.row, artistId: body.artistId, requestId };
    const row = await em.transactional((tx) => settleImportRow(tx, choice));
    return { status: 200, body: (await presentImportRows(em, userId, [row]))[0]! };
  },
});

const confirm = defineRoute({
  method: 'post',
  path: '/blocks/imports/{id}/confirm',
  summary: 'Withdraw what is not in the file',
  description:
    'For a replacing import that waits because some of its rows could not be read. Blocks that you have changed since stay, and so do those that a doubtful row may mean.',
  tags: ['Blocks'],
  permission: 'user',
  params: idParams,
  responses: { 200: importSchema },
  handler: async ({ user: { userId }, params, em, ctx }) => {
    const { requestId } = ctx.state;
    await em.transactional((tx) => confirmBlockImport(tx, { userId, importId: params.id, requestId }));
    const found = await findBlockImport(em, { userId, id: params.id });
    if (!found) throw new DomainError('not_found');
    return { status: 200, body: (await presentImports(em, [found]))[0]! };
  },
});

export const blockImportRoutes = [start, settle, confirm];
