import { z } from 'zod';
import { loadCheckedItems, type CheckedItems } from '../../../adapters/postgres/checked-items';
import { loadEffectiveDecisions } from '../../../adapters/postgres/effective-blocks';
import { creditsOnTracks } from '../../../adapters/postgres/imported-credits';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { blocksByArtist } from '../../../domain/blocks';
import type { EffectiveDecisions } from '../../../domain/effective-blocks';
import {
  type ImportedCredit,
  type Match,
  matchAlbum,
  matchArtist,
  presets,
  type Switches,
  switchesFor,
} from '../../../domain/matching';
import { parsePastedAddress } from '../../../domain/pasted-address';
import { trackMatcher } from '../../../domain/track-matcher';
import { defineRoute } from '../../route';
import { matchSchema } from '../enforcement/plan-schema';

const checkedSchema = z
  .object({
    uri: z.string().meta({ description: 'As it was given.' }),
    known: z.boolean().meta({ description: 'Whether the catalog has it; what it has not cannot be judged.' }),
    blocked: z.boolean(),
    needsReview: z.boolean().meta({ description: 'Whether nothing firmer than a name speaks against it.' }),
    matches: z.array(matchSchema),
  })
  .meta({ id: 'CheckedItem' });

const check = defineRoute({
  method: 'post',
  path: '/blocks/check',
  summary: 'Whether you keep these out',
  description:
    'For players and extensions: tracks, albums and artists of Spotify and Apple Music by their URIs or addresses, judged as a plan with that preset would.',
  tags: ['Blocks'],
  permission: 'user',
  scope: 'read',
  body: z.strictObject({
    uris: z.array(z.string().trim().min(1).max(300)).min(1).max(200),
    preset: z.enum(presets).default('standard'),
  }),
  responses: { 200: z.object({ items: z.array(checkedSchema) }) },
  handler: async ({ user, body, em }) => {
    const uriOf = new Map(body.uris.map((given) => [given, canonical(given)]));
    const uris = [...new Set([...uriOf.values()].filter((uri) => uri !== null))];
    const switches = switchesFor(body.preset);
    const judge = judgeOf(await (namesAnybody(switches) ? readBroadly : readNarrowly)(em, user.userId, uris), switches);
    return {
      status: 200,
      body: {
        items: body.uris.map((given) => {
          const matches = judge(uriOf.get(given) ?? null);
          return {
            uri: given,
            known: matches !== null,
            blocked: matches?.some((match) => !match.needsReview) ?? false,
            needsReview: matches !== null && matches.length > 0 && matches.every((match) => match.needsReview),
            matches: matches ?? [],
          };
        }),
      },
    };
  },
});

interface Read {
  items: CheckedItems;
  decisions: EffectiveDecisions;
  credits: ReadonlyMap<string, readonly ImportedCredit[]>;
}

/** Titles and imported credits may name anybody; providers' credits only those who are credited. */
const namesAnybody = ({ mentions, credits }: Switches): boolean => mentions || credits;

/** Everybody who is blocked, beside the items, since a player waits. */
async function readBroadly(em: EntityManager, userId: string, uris: readonly string[]): Promise<Read> {
  const credited = async () => {
    const items = await loadCheckedItems(em, uris);
    return { items, credits: await creditsOnTracks(em, idsOf(items.tracks)) };
  };
  const [decisions, read] = await Promise.all([loadEffectiveDecisions(em, userId, new Date()), credited()]);
  return { decisions, ...read };
}

/** Only who is credited on the items. */
async function readNarrowly(em: EntityManager, userId: string, uris: readonly string[]): Promise<Read> {
  const items = await loadCheckedItems(em, uris);
  const about = { artistIds: artistsOf(items), trackIds: idsOf(items.tracks), albumIds: albumsOf(items) };
  return { items, decisions: await loadEffectiveDecisions(em, userId, new Date(), about), credits: new Map() };
}

function canonical(given: string): string | null {
  const pasted = parsePastedAddress(given);
  return pasted && pasted.kind !== 'playlist' ? pasted.uri : null;
}

/** Every artist who is credited on one of the items. */
function artistsOf({ tracks, albums, artists }: CheckedItems): string[] {
  return [
    ...new Set([
      ...[...tracks.values()].flatMap((track) => [...track.artists.map(({ id }) => id), ...track.albumArtistIds]),
      ...[...albums.values()].flatMap((album) => album.artists.map(({ id }) => id)),
      ...idsOf(artists),
    ]),
  ];
}

const idsOf = (items: ReadonlyMap<string, { id: string }>) => [...items.values()].map(({ id }) => id);

/** Every album asked after, or with one of the tracks on it. */
const albumsOf = ({ tracks, albums }: CheckedItems) => [
  ...new Set([...idsOf(albums), ...[...tracks.values()].flatMap(({ albumId }) => albumId ?? [])]),
];

/** What speaks against an item; null for one that the catalog does not have. */
function judgeOf(
  { items: { tracks, albums, artists }, decisions, credits: creditsByTrack }: Read,
  switches: Switches,
): (uri: string | null) => Match[] | null {
  const index = blocksByArtist(decisions.artists);
  const matchesOf = trackMatcher({
    blocks: decisions.artists,
    blockedTrackIds: new Set(decisions.tracks.map(({ trackId }) => trackId)),
    exceptions: decisions.exceptions,
    creditsByTrack,
    switches,
  });
  return (uri) => {
    if (uri === null) return null;
    const track = tracks.get(uri);
    if (track) return matchesOf(track);
    const album = albums.get(uri);
    if (album) return decisions.exceptions.albumIds.has(album.id) ? [] : matchAlbum(album, index, switches);
    const artist = artists.get(uri);
    return artist ? matchArtist(artist, index) : null;
  };
}

export const checkRoutes = [check];
