import { resolveArtists } from '../../../adapters/catalog-index/resolve-artists';
import { defineRoute } from '../../route';
import { describeArtistsById } from './describe-artists';
import { resolveBody, type ResolveQuestion, resolveSchema } from './resolve-schema';

const resolve = defineRoute({
  method: 'post',
  path: '/artists/resolve',
  summary: 'Whom names mean, with what speaks for it',
  description:
    'A provider’s id decides by itself. Otherwise artists with equal or similar names, in any script, and artists on the same recordings are compared by all that is given: the more you say, the surer the answer. Nothing is changed.',
  tags: ['Artists'],
  permission: 'user',
  scope: 'read',
  body: resolveBody,
  responses: { 200: resolveSchema },
  handler: async ({ user, body, em, deps }) => {
    const { resolutions, indexLeftOut } = await resolveArtists(em, deps.vectors, body.artists.map(factsOf));
    const ids = resolutions.flatMap(({ artistId, candidates }) => [
      ...(artistId === null ? [] : [artistId]),
      ...candidates.map((candidate) => candidate.artistId),
    ]);
    const shown = await describeArtistsById(em, user.userId, ids);
    const byId = new Map(shown.map((artist) => [artist.id, artist]));
    return {
      status: 200,
      body: {
        items: resolutions.map(({ artistId, candidates, ...resolution }, at) => ({
          name: body.artists[at]?.name ?? '',
          ...resolution,
          artist: byId.get(artistId ?? '') ?? null,
          candidates: candidates.flatMap(({ artistId: id, ...rated }) => {
            const artist = byId.get(id);
            return artist ? [{ artist, ...rated }] : [];
          }),
        })),
        index: { searched: indexLeftOut === null, leftOut: indexLeftOut },
      },
    };
  },
});

const factsOf = ({ name, aliases, providerIds, ...rest }: ResolveQuestion) => ({
  ...rest,
  names: [name, ...aliases],
  providerIds,
});

export const resolveRoutes = [resolve];
