import { databaseNow } from '../adapters/postgres/clock';
import { loadEffectiveDecisions } from '../adapters/postgres/effective-blocks';
import type { Connection, Plan } from '../adapters/postgres/entities';
import { creditsOfBlocked } from '../adapters/postgres/imported-credits';
import type { EntityManager } from '../adapters/postgres/orm';
import { loadLibrary, loadPlanCatalog } from '../adapters/postgres/plan-library';
import { namesAround, tracksMentioning } from '../adapters/postgres/plan-titles';
import { listingPlaylists } from '../adapters/postgres/removed-likes';
import type { KnownSpotifyApp } from '../adapters/providers/spotify/app-book';
import { capabilitiesOf } from '../domain/capabilities';
import { type Preset, type Switches, switchesFor } from '../domain/matching';
import { type PlannedItem, planItems } from '../domain/planning';

/** Matches a Spotify library with its person's blocks, within what the connection's app can do. */
export async function matchSpotifyLibrary(
  em: EntityManager,
  plan: Plan,
  { accountUserId }: Connection,
  { dialect, unfollowsArtists }: KnownSpotifyApp,
): Promise<PlannedItem[]> {
  if (!plan.generationId) return [];
  const { artists: blocks, tracks, exceptions } = await loadEffectiveDecisions(em, plan.userId, await databaseNow(em));
  const blockedTrackIds = tracks.map(({ trackId }) => trackId);
  const library = await loadLibrary(em, plan.generationId, accountUserId);
  const switches = switchesFor(plan.preset as Preset, plan.switches as Partial<Switches>);
  const creditsByTrack = switches.credits ? await creditsOfBlocked(em, blocks) : new Map<string, never>();
  const catalog = await loadPlanCatalog(
    em,
    blocks.map((block) => block.artistId),
    [
      ...blockedTrackIds,
      ...creditsByTrack.keys(),
      ...(switches.mentions ? await tracksMentioning(em, library, blocks) : []),
    ],
  );
  return planItems({
    library,
    personProviderId: accountUserId,
    ...catalog,
    blocks,
    blockedTrackIds: new Set(blockedTrackIds),
    exceptions,
    creditsByTrack,
    switches,
    knownNames: switches.followedPlaylists ? await namesAround(em, library, blocks) : new Set(),
    listingPlaylists: await listingPlaylists(em, plan.connectionId),
    capabilities: capabilitiesOf('spotify', dialect, unfollowsArtists ? [] : ['followed_artist']),
    dialect,
  });
}
