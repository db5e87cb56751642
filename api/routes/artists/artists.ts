import { currentArtistId } from '../../../adapters/postgres/current-artists';
import { countOfArtist } from '../../../adapters/postgres/offense-reads';
import { offensesEnabled } from '../../../adapters/postgres/operator-switches';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { describeArtistsById } from './describe-artists';
import { findArtists } from './find-artists';
import { artistSearchQuery, artistSearchSchema, artistWithOffensesSchema } from './schema';

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
  responses: { 200: artistWithOffensesSchema },
  handler: async ({ user, params, em }) => {
    const id = await currentArtistId(em, params.id);
    const [artist] = await describeArtistsById(em, user.userId, [id]);
    if (!artist) throw new DomainError('not_found');
    const offenses = (await offensesEnabled(em)) ? await countOfArtist(em, id) : null;
    return { status: 200, body: { ...artist, offenses } };
  },
});

export const artistRoutes = [search, read];
