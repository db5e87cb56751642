import { z } from 'zod';
import { type ImportRow, listImportRows } from '../../../adapters/postgres/block-import-rows';
import { type StoredImport, findBlockImport, listBlockImports } from '../../../adapters/postgres/block-imports';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { fileProviders } from '../../../domain/block-file';
import { csvLine, listCell } from '../../../domain/csv';
import { DomainError } from '../../../domain/errors';
import { jsonArray, jsonObject } from '../../../domain/json-text';
import { fileAnswer, fileQuery, fileResponse } from '../../file-answer';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { importCells, presentImportRows, presentImports } from './import-presenters';
import { importRowSchema, importRowsQuery, importSchema } from './imports-schema';

const rowPosition = z.object({ row: z.int().min(0).max(2_147_483_647) });
/** Rows read with one statement. */
const batchLength = 500;

const list = defineRoute({
  method: 'get',
  path: '/blocks/imports',
  summary: 'Files of blocks that you gave',
  description: 'Newest first. They are kept for 30 days after their end.',
  tags: ['Blocks'],
  permission: 'user',
  query: pageQuery,
  responses: { 200: pageOf(importSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listBlockImports(em, { userId: user.userId, limit: query.limit + 1, after: after?.id ?? null });
    const page = makePage(rows, {
      limit: query.limit,
      present: (row) => row,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_imports',
    });
    return { status: 200, body: { ...page, items: await presentImports(em, page.items) } };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/blocks/imports/{id}',
  summary: 'What came of a file of blocks',
  tags: ['Blocks'],
  permission: 'user',
  params: idParams,
  responses: { 200: importSchema },
  handler: async ({ user, params, em }) => {
    const found = await own(em, user.userId, params.id);
    return { status: 200, body: (await presentImports(em, [found]))[0]! };
  },
});

const rows = defineRoute({
  method: 'get',
  path: '/blocks/imports/{id}/rows',
  summary: 'What came of each row',
  description: 'In the order of the file; of one outcome where one is named.',
  tags: ['Blocks'],
  permission: 'user',
  params: idParams,
  query: importRowsQuery,
  responses: { 200: pageOf(importRowSchema) },
  handler: async ({ user: { userId }, params, query, em }) => {
    const { id } = await own(em, userId, params.id);
    const after = decodeCursor(query.cursor, rowPosition);
    const { outcome = null, limit } = query;
    const found = await listImportRows(em, id, { outcome, after: after?.row ?? 0, limit: limit + 1 });
    const page = makePage(found, {
      limit,
      present: (row) => row,
      position: ({ seq }) => ({ row: seq }),
      first: !after,
      emptyReason: 'nothing_matches',
    });
    return { status: 200, body: { ...page, items: await presentImportRows(em, userId, page.items) } };
  },
});

const report = defineRoute({
  method: 'get',
  path: '/blocks/imports/{id}/report',
  summary: 'What came of each row, as a file',
  description:
    'Every row as it was given with its outcome, then the blocks that were withdrawn, as they were: in both forms a file that can be imported again.',
  tags: ['Blocks'],
  permission: 'user',
  params: idParams,
  query: fileQuery,
  responses: { 200: fileResponse },
  handler: async ({ user, params, query, em }) => {
    const found = await own(em, user.userId, params.id);
    const [presented] = await presentImports(em, [found]);
    const about = { format: 'do-not-play/block-import', formatVersion: 1, import: presented };
    const text =
      query.format === 'csv'
        ? reportCsv(em, found)
        : jsonObject(about, { blocks: () => jsonArray(reportRows(em, found)) });
    return fileAnswer(query.format, `do-not-play-import-${found.createdAt.toISOString().slice(0, 10)}`, text);
  },
});

async function own(em: EntityManager, userId: string, id: string): Promise<StoredImport> {
  const found = await findBlockImport(em, { userId, id });
  if (!found) throw new DomainError('not_found');
  return found;
}

async function* batches(em: EntityManager, { id }: StoredImport): AsyncGenerator<ImportRow[]> {
  for (let after = 0; ;) {
    const batch = await listImportRows(em, id, { outcome: null, after, limit: batchLength });
    yield batch;
    if (batch.length < batchLength) return;
    after = batch.at(-1)?.seq ?? after;
  }
}

/** With the artist that was found, so that the file says it exactly from now on. */
const reportRow = (row: ImportRow) => ({ ...importCells(row), artistId: row.resolvedId ?? row.artistId });

async function* reportRows(em: EntityManager, found: StoredImport): AsyncGenerator<unknown[]> {
  for await (const batch of batches(em, found)) yield batch.map(reportRow);
}

const header = [
  'row',
  'outcome',
  'reason',
  'artist_id',
  'name',
  ...fileProviders,
  'note',
  'tags',
  'expires_at',
  'on_expiry',
];

async function* reportCsv(em: EntityManager, found: StoredImport): AsyncGenerator<string> {
  yield csvLine(header);
  for await (const batch of batches(em, found)) yield batch.map((row) => csvLine(cellsOf(row))).join('');
}

function cellsOf(row: ImportRow) {
  const { row: number, outcome, reason, artistId, name, providerIds, note, tags, expiresAt, onExpiry } = reportRow(row);
  const ids = fileProviders.map((provider) => listCell(providerIds[provider] ?? []));
  return [number, outcome, reason, artistId, name, ...ids, note, listCell(tags), expiresAt, onExpiry];
}

export const blockImportReadRoutes = [list, read, rows, report];
