import { type AppleMusicDecisions, appleMusicMatcher } from '../../domain/apple-music-matcher';
import { planAppleMusicItems } from '../../domain/apple-music-planning';
import type { EffectiveDecisions } from '../../domain/effective-blocks';
import type { Switches } from '../../domain/matching';
import { loadAppleMusicLibrary, trackIds } from './apple-music-library';
import type { Connection } from './entities';
import { creditsOfBlocked } from './imported-credits';
import type { EntityManager } from './orm';
import { loadPlanCatalog } from './plan-library';
import type { LibraryJudge } from './spotify-matches';

/** Reads a generation of an Apple Music library, and of the catalog what can match in it; see `readSpotifyLibrary`. */
export async function readAppleMusicLibrary(
  em: EntityManager,
  { accountUserId, storefront }: Connection,
  { generationId, switches }: { generationId: string; switches: Switches },
  reach: EffectiveDecisions,
): Promise<LibraryJudge> {
  const library = await loadAppleMusicLibrary(em, generationId, accountUserId);
  const blockedTrackIds = reach.tracks.map(({ trackId }) => trackId);
  const creditsByTrack = switches.credits ? await creditsOfBlocked(em, reach.artists) : new Map<string, never>();
  const decisionsOf = ({ artists, tracks, exceptions }: EffectiveDecisions) => ({
    blocks: artists,
    blockedTrackIds: new Set(tracks.map(({ trackId }) => trackId)),
    exceptions,
    creditsByTrack,
    switches,
    artistNames: library.artistNames,
  });
  const known = await loadPlanCatalog(
    em,
    reach.artists.map((block) => block.artistId),
    [...blockedTrackIds, ...creditsByTrack.keys(), ...(await trackIds(em, urisNaming(decisionsOf(reach), library)))],
    { provider: 'apple_music', storefront: storefront ?? null },
  );
  const identifiedArtistIds = new Set([...known.artistsByUri.values()].map(({ id }) => id));
  return (decisions) => planAppleMusicItems({ ...decisionsOf(decisions), ...known, identifiedArtistIds, library });
}

/** The songs whose texts give a blocked name: those of them that the catalog has are wanted with all that it knows. */
function urisNaming(
  decisions: Omit<AppleMusicDecisions, 'tracksByUri' | 'albumsByUri' | 'identifiedArtistIds'>,
  { songs, playlists }: Awaited<ReturnType<typeof loadAppleMusicLibrary>>,
): string[] {
  const byWords = appleMusicMatcher({
    ...decisions,
    tracksByUri: new Map(),
    albumsByUri: new Map(),
    identifiedArtistIds: new Set(),
  });
  const items = [...songs, ...playlists.flatMap((playlist) => playlist.items)];
  const distinct = new Map(items.map((item) => [item.uri, item]));
  return [...distinct.values()].filter((item) => byWords.song(item).length > 0).map(({ uri }) => uri);
}
