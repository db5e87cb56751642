import { Readable } from 'node:stream';
import { z } from 'zod';
import { findConnection } from '../../../adapters/postgres/connection-reads';
import { libraryCsv, libraryJson, readStoredLibrary } from '../../../adapters/postgres/library-file';
import { DomainError } from '../../../domain/errors';
import { jsonObject } from '../../../domain/json-text';
import { connectionHref } from '../../hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';

const exportQuery = z.object({
  format: z
    .enum(['json', 'csv'])
    .default('json')
    .meta({ description: 'In CSV, cells that a spreadsheet would run as a formula start with a `’`.' }),
});

const types = { json: 'application/json', csv: 'text/csv; charset=utf-8' } as const;

const download = defineRoute({
  method: 'get',
  path: '/connections/{id}/library/export',
  summary: 'The library as a file: a backup',
  description:
    'Everything that the last complete sync found, each item with its place, its date and its names. `409 library_not_synced` before the first sync.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  query: exportQuery,
  responses: { 200: { contentType: ['application/json', 'text/csv'], description: 'The file, by `format`.' } },
  handler: async ({ user, params, query, em }) => {
    const connection = await findConnection(em, { userId: user.userId, id: params.id });
    if (!connection) throw new DomainError('not_found');
    const library = await readStoredLibrary(em, connection.id);
    if (!library)
      throw new DomainError('library_not_synced', {
        action: { code: 'sync_library', href: `${connectionHref(connection.id)}/library-sync` },
      });
    const { provider, accountName, syncedAt } = library;
    const about = { format: 'do-not-play/library', formatVersion: 1, provider, accountName, syncedAt };
    const text = query.format === 'csv' ? libraryCsv(em, library) : jsonObject(about, libraryJson(em, library));
    const name = `do-not-play-library-${provider}-${syncedAt.slice(0, 10)}.${query.format}`;
    return {
      status: 200,
      body: Readable.from(text),
      headers: { 'Content-Type': types[query.format], 'Content-Disposition': `attachment; filename="${name}"` },
    };
  },
});

export const libraryExportRoutes = [download];
