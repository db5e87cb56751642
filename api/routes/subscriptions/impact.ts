import { z } from 'zod';
import { databaseNow } from '../../../adapters/postgres/clock';
import { categoryAsSource, listAsSource } from '../../../adapters/postgres/followed-sources';
import { findVersion } from '../../../adapters/postgres/list-versions';
import { type SourceImpact, sourceImpact } from '../../../adapters/postgres/source-impact';
import type { StreamingProvider } from '../../../domain/capabilities';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { readableList } from '../lists/readable';
import { requireOffenses } from '../offenses/require-offenses';
import { categoryParams, categoryCode, impactSchema, listImpactSchema } from './schema';

/** Items that are shown of each library. */
const mostShown = 20;

const ofList = defineRoute({
  method: 'get',
  path: '/lists/{id}/impact',
  summary: 'What going by a list would mean for your libraries',
  description:
    'Per connection with a library: what a plan with the standard preset would newly take out, beyond what is kept out for you already and less what you keep; of a list that you go by, what that version would add. From the libraries as they were last read; nothing is stored and no provider asked.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  query: z.object({
    version: z.coerce
      .number()
      .int()
      .min(1)
      .max(2_147_483_647)
      .optional()
      .meta({ description: 'The latest where left out.' }),
  }),
  responses: { 200: listImpactSchema },
  handler: async ({ user: { userId }, params: { id }, query, em }) => {
    const list = await readableList(em, id, userId);
    const number = query.version ?? list.latestVersion;
    if (query.version !== undefined && (await findVersion(em, list, query.version))?.state !== 'published')
      throw new DomainError('not_found');
    const source = number === null ? null : await listAsSource(em, id, number);
    const impact = await sourceImpact(em, userId, await databaseNow(em), source ? { list: source } : {});
    return { status: 200, body: { listId: id, version: number, ...present(impact) } };
  },
});

const ofCategory = defineRoute({
  method: 'get',
  path: '/category-subscriptions/{category}/impact',
  summary: 'What going by a category of offenses would mean for your libraries',
  description:
    'As `GET lists/{id}/impact` tells it of a list. What only offenses under appeal speak against is counted as `forReview`.',
  tags: ['Offenses'],
  permission: 'user',
  params: categoryParams,
  responses: { 200: impactSchema.extend({ category: categoryCode }).meta({ id: 'CategoryImpact' }) },
  handler: async ({ user: { userId }, params: { category }, em }) => {
    await requireOffenses(em);
    const source = await categoryAsSource(em, category);
    const impact = await sourceImpact(em, userId, await databaseNow(em), source ? { category: source } : {});
    return { status: 200, body: { category, ...present(impact) } };
  },
});

function present({ artists, connections }: SourceImpact): z.input<typeof impactSchema> {
  return {
    artists,
    connections: connections.map(({ connection, impact: { items, byType, playlistPlaces, forReview } }) => ({
      connectionId: connection.id,
      provider: connection.provider as StreamingProvider,
      accountName: connection.accountName,
      lastSyncedAt: connection.lastSyncedAt?.toISOString() ?? null,
      counts: { total: items.length, byType, playlistPlaces, forReview },
      items: items.slice(0, mostShown).map((item) => ({
        itemType: item.itemType,
        uri: item.uri,
        name: item.name,
        artists: item.artists,
        album: item.album,
        url: item.url,
        imageUrl: item.imageUrl,
        playlist:
          item.playlistProviderId === null ? null : { id: item.playlistProviderId, name: item.playlistName ?? '' },
        matches: item.matches,
      })),
    })),
    ...(connections.length === 0 ? { emptyReason: 'no_library' as const } : {}),
  };
}

export const impactRoutes = [ofList, ofCategory];
