import { capabilitiesOf } from '../../domain/capabilities';
import type { EffectiveDecisions } from '../../domain/effective-blocks';
import type { Switches } from '../../domain/matching';
import { type PlannedItem, planItems } from '../../domain/planning';
import type { KnownSpotifyApp } from '../providers/spotify/app-book';
import type { Connection } from './entities';
import { creditsOfBlocked } from './imported-credits';
import type { EntityManager } from './orm';
import { loadLibrary, loadPlanCatalog } from './plan-library';
import { namesAround, tracksMentioning } from './plan-titles';
import { listingPlaylists } from './removed-likes';

/** Judges a library that was read, by decisions that block nobody beyond those that it was read for. */
export type LibraryJudge = (decisions: EffectiveDecisions) => PlannedItem[];

/** Reads a generation of a Spotify library, and of the catalog what can match in it, within what the connection's app can do. */
export async function readSpotifyLibrary(
  em: EntityManager,
  { id: connectionId, accountUserId }: Connection,
  { generationId, switches, app }: { generationId: string; switches: Switches; app: KnownSpotifyApp },
  { artists: blocks, tracks }: EffectiveDecisions,
): Promise<LibraryJudge> {
  const library = await loadLibrary(em, generationId, accountUserId);
  const creditsByTrack = switches.credits ? await creditsOfBlocked(em, blocks) : new Map<string, never>();
  const catalog = await loadPlanCatalog(
    em,
    blocks.map((block) => block.artistId),
    [
      ...tracks.map(({ trackId }) => trackId),
      ...creditsByTrack.keys(),
      ...(switches.mentions ? await tracksMentioning(em, library, blocks) : []),
    ],
  );
  const knownNames = switches.followedPlaylists ? await namesAround(em, library, blocks) : new Set<string>();
  const listing = await listingPlaylists(em, connectionId);
  return (decisions) =>
    planItems({
      library,
      personProviderId: accountUserId,
      ...catalog,
      blocks: decisions.artists,
      blockedTrackIds: new Set(decisions.tracks.map(({ trackId }) => trackId)),
      exceptions: decisions.exceptions,
      creditsByTrack,
      switches,
      knownNames,
      listingPlaylists: listing,
      capabilities: capabilitiesOf('spotify', app.dialect, app.unfollowsArtists ? [] : ['followed_artist']),
      dialect: app.dialect,
    });
}
