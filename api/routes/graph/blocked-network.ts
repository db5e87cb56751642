import { z } from 'zod';
import { artistsNear, linksTo, type NearArtist, type NearLink } from '../../../adapters/neo4j/blocked-network';
import { connectednessOf } from '../../../adapters/neo4j/connectedness';
import type { GraphTransaction } from '../../../adapters/neo4j/graph';
import { firmlyBlocked, loadEffectiveDecisions } from '../../../adapters/postgres/effective-blocks';
import { bandOf, distanceTwo, linkWorth, together } from '../../../domain/graph-proximity';
import { defineRoute } from '../../route';
import { nameOf, readGraph, reasonIf, sharedRolesOf, workOf } from './graph-answers';
import { blockedNetworkSchema } from './schema';

type Item = z.input<typeof blockedNetworkSchema>['items'][number];
type Link = Item['because'][number];

/** Links that an answer names of each artist. */
const mostLinks = 5;
/** Artists through whom others are looked for at distance 2. */
const mostBetween = 50;

const blockedNetwork = defineRoute({
  method: 'get',
  path: '/graph/blocked-network',
  summary: 'Artists near those whom you keep out',
  description:
    'Each with a score from 0 to 1 and what it comes from: how far, how many recordings, and in which roles. `close` from 0.6, `near` from 0.3, else `loose`. Those who worked with a blocked artist come first; where there is room, those who worked with them follow. It says nothing about anybody but who made music with whom.',
  tags: ['Graph'],
  permission: 'user',
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    depth: z.coerce.number().int().min(1).max(2).default(2),
  }),
  responses: { 200: blockedNetworkSchema },
  handler: async ({ user, query: { limit, depth }, em, deps }) => {
    const decisions = await loadEffectiveDecisions(em, user.userId, new Date(), { trackIds: [], albumIds: [] });
    const ids = [...firmlyBlocked(decisions)];
    const { found, sync } = await readGraph(deps, (tx) => around(tx, { ids, limit, depth }));
    const reason = ids.length === 0 ? 'nothing_blocked' : sync.complete ? 'nobody_near' : 'graph_empty';
    return {
      status: 200,
      body: {
        blockedArtists: ids.length,
        ...found,
        ...reasonIf(found.items.length === 0, reason),
        sync,
      },
    };
  },
});

async function around(
  tx: GraphTransaction,
  { ids, limit, depth }: { ids: string[]; limit: number; depth: number },
): Promise<{ blockedInGraph: number; items: Item[]; cut: boolean }> {
  const present = [...(await connectednessOf(tx, ids)).keys()];
  const first = await artistsNear(tx, { ids: present, without: present, limit: limit + 1 });
  const shown = first.slice(0, limit);
  const links = await linksTo(tx, {
    artistIds: shown.map(({ id }) => id),
    givenIds: present,
    limit: mostLinks,
  });
  const items = shown.map((near) => itemOf(near, 1, near.score, directLinks(near, links)));
  if (first.length > limit || depth === 1 || shown.length === 0)
    return { blockedInGraph: present.length, items, cut: first.length > limit };
  const between = shown.slice(0, mostBetween);
  const second = await artistsNear(tx, {
    ids: between.map(({ id }) => id),
    without: [...present, ...shown.map(({ id }) => id)],
    limit: limit - shown.length + 1,
  });
  const further = second.slice(0, limit - shown.length);
  const ways = await linksTo(tx, {
    artistIds: further.map(({ id }) => id),
    givenIds: between.map(({ id }) => id),
    limit: mostLinks,
  });
  return {
    blockedInGraph: present.length,
    items: [...items, ...further.map((far) => furtherItem(far, ways, items)).sort((a, b) => b.score - a.score)],
    cut: second.length > further.length || shown.length > between.length,
  };
}

function itemOf(near: NearArtist, distance: number, score: number, because: Link[]): Item {
  return { artist: nameOf(near), distance, score: rounded(score), band: bandOf(score), links: near.links, because };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function directLinks(near: NearArtist, links: readonly NearLink[]): Link[] {
  return links
    .filter(({ artistId }) => artistId === near.id)
    .map((link) => ({
      blockedArtist: link.given,
      via: null,
      ...workOf(link),
      roles: { ledByLinked: link.ledByGiven, ledByArtist: link.ledByArtist, ...sharedRolesOf(link) },
      worth: rounded(worthOf(link)),
    }));
}

const worthOf = (link: NearLink): number => linkWorth({ ...link, ledByLinked: link.ledByGiven });

/** What leads to somebody in between counts as far as that one's own nearness goes. */
function furtherItem(far: NearArtist, ways: readonly NearLink[], near: readonly Item[]): Item {
  const because = ways
    .filter(({ artistId }) => artistId === far.id)
    .flatMap((link) => {
      const between = near.find(({ artist }) => artist.id === link.given.id);
      const blocked = between?.because[0];
      if (!between || !blocked) return [];
      return [
        {
          blockedArtist: blocked.blockedArtist,
          via: link.given,
          ...workOf(link),
          roles: { ledByLinked: link.ledByGiven, ledByArtist: link.ledByArtist, ...sharedRolesOf(link) },
          worth: rounded(distanceTwo * between.score * worthOf(link)),
        },
      ];
    });
  return itemOf(far, 2, together(because.map(({ worth }) => worth)), because);
}

export const blockedNetworkRoutes = [blockedNetwork];
