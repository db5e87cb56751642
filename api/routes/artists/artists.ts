import { currentArtistId } from '../../../adapters/postgres/current-artists';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { describeArtistsById } from './describe-artists';
import { findArtists } from './find-artists';
import { artistSchema, artistSearchQuery, artistSearchSchema } from './schema';

const search = defineRoute({
  method: 'get',
  path: '/artists',
  summary: 'Find artists',
  description:
    'By name or alias (best matches first, names before aliases, those in your library before others), or by a pasted address or id. The search of a provider that you are connected to joins in where the catalog has too few good answers: Spotify’s, or else Apple Music’s; without them the catalog answers alone.',
  tags: ['Artists'],
  permission: 'user',
  query: artistSearchQuery,
  responses: { 200: artistSearchSchema },
  handler: async ({ user, query, em, deps }) => {
    const found = await findArtists(em, { userId: user.userId, ...query, sources: deps.artistSources });
    const { items, emptyReason, ...asked } = found;
    const body = { items, nextCursor: null, ...asked };
    return { status: 200, body: items.length === 0 ? { ...body, emptyReason } : body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/artists/{id}',
  summary: 'One artist',
  description: 'Of an artist who was merged: whom it became, under the id that it has now.',
  tags: ['Artists'],
  permission: 'user',
  params: idParams,
  responses: { 200: artistSchema },
  handler: async ({ user, params, em }) => {
    const [artist] = await describeArtistsById(em, user.userId, [await currentArtistId(em, params.id)]);
    if (!artist) throw new DomainError('not_found');
    return { status: 200, body: artist };
  },
});

export const artistRoutes = [search, read];
