import { findConnection } from '../../../adapters/postgres/connection-reads';
import { libraryCsv, libraryJson, readStoredLibrary } from '../../../adapters/postgres/library-file';
import { DomainError } from '../../../domain/errors';
import { libraryFileFormat } from '../../../domain/library-file';
import { jsonObject } from '../../../domain/json-text';
import { connectionHref } from '../../../domain/hrefs';
import { fileAnswer, fileQuery, fileResponse } from '../../file-answer';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';

const download = defineRoute({
  method: 'get',
  path: '/connections/{id}/library/export',
  summary: 'The library as a file: a backup',
  description:
    'Everything that the last complete sync found, each item with its place, its date and its names. `409 library_not_synced` before the first sync.',
  tags: ['Connections'],
  permission: 'signed_in',
  params: idParams,
  query: fileQuery,
  responses: { 200: fileResponse },
  handler: async ({ user, params, query, em }) => {
    const connection = await findConnection(em, { userId: user.userId, id: params.id });
    if (!connection) throw new DomainError('not_found');
    const library = await readStoredLibrary(em, connection.id);
    if (!library)
      throw new DomainError('library_not_synced', {
        action: { code: 'sync_library', href: `${connectionHref(connection.id)}/library-sync` },
      });
    const { provider, accountName, syncedAt } = library;
    const about = { ...libraryFileFormat, provider, accountName, syncedAt };
    const text = query.format === 'csv' ? libraryCsv(em, library) : jsonObject(about, libraryJson(em, library));
    const name = `do-not-play-library-${provider}-${syncedAt.slice(0, 10)}`;
    return fileAnswer(query.format, name, text);
  },
});

export const libraryExportRoutes = [download];
