import { z } from 'zod';
import { type ConnectionRow, findConnection } from '../../../adapters/postgres/connection-reads';
import { listLibraryItems, listPlaylists } from '../../../adapters/postgres/library-listing';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentLibraryItem, presentPlaylist } from './presenters';
import { libraryItemSchema, libraryQuery } from './schema';

type Item = z.input<typeof libraryItemSchema>;
const offsetPosition = z.object({ offset: z.int().min(0).max(10_000_000) });

const read = defineRoute({
  method: 'get',
  path: '/connections/{id}/library',
  summary: 'What the last complete sync found',
  description:
    'In the provider’s order. At Apple Music, `likes` are the songs of the library and `follows` its artists. An unknown playlist, or one whose contents may not be read, is a 404.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  query: libraryQuery,
  responses: { 200: pageOf(libraryItemSchema) },
  handler: async ({ user, params, query, em }) => {
    const { limit, kind } = query;
    const position = decodeCursor(query.cursor, offsetPosition);
    const connection = await findConnection(em, { userId: user.userId, id: params.id });
    if (!connection) throw new DomainError('not_found');
    if (kind === 'playlist_items' && query.playlistId === undefined)
      throw new DomainError('invalid_request', {
        errors: [{ path: 'query.playlistId', code: 'required', message: 'Needed for the kind playlist_items' }],
      });
    const { generationId } = connection;
    if (generationId === null)
      return { status: 200, body: { items: [], nextCursor: null, ...(position ? {} : { emptyReason: 'not_synced' }) } };
    const offset = position?.offset ?? 0;
    const items = await itemsOf(em, generationId, connection, { ...query, offset, limit: limit + 1 });
    const body = makePage(
      items.map((item, n) => ({ item, offset: offset + n + 1 })),
      {
        limit,
        present: ({ item }) => item,
        position: (row) => ({ offset: row.offset }),
        first: !position,
        emptyReason: query.query === undefined ? 'library_empty' : 'nothing_matches',
      },
    );
    return { status: 200, body };
  },
});

async function itemsOf(
  em: EntityManager,
  generationId: string,
  connection: ConnectionRow,
  request: z.output<typeof libraryQuery> & { offset: number },
): Promise<Item[]> {
  const { kind, offset, limit } = request;
  const query = request.query ?? null;
  if (kind === 'playlists') {
    const playlists = await listPlaylists(em, { generationId, connectionId: connection.id, query });
    return playlists.slice(offset, offset + limit).map((each) => presentPlaylist(each, connection));
  }
  const playlistId = kind === 'playlist_items' ? (request.playlistId ?? null) : null;
  const items = await listLibraryItems(em, generationId, { kind, playlistId, query, offset, limit });
  if (!items && kind === 'playlist_items') throw new DomainError('not_found');
  return (items ?? []).map((item) => presentLibraryItem(item, connection));
}

export const libraryRoutes = [read];
