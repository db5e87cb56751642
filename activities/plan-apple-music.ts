import { loadAppleMusicLibrary, trackIds } from '../adapters/postgres/apple-music-library';
import { databaseNow } from '../adapters/postgres/clock';
import { loadEffectiveDecisions } from '../adapters/postgres/effective-blocks';
import type { Connection, Plan } from '../adapters/postgres/entities';
import { creditsOfBlocked } from '../adapters/postgres/imported-credits';
import type { EntityManager } from '../adapters/postgres/orm';
import { loadPlanCatalog } from '../adapters/postgres/plan-library';
import { type AppleMusicDecisions, appleMusicMatcher } from '../domain/apple-music-matcher';
import { planAppleMusicItems } from '../domain/apple-music-planning';
import { type Preset, type Switches, switchesFor } from '../domain/matching';
import type { PlannedItem } from '../domain/planning';

/** Matches an Apple Music library with its person's blocks. */
export async function matchAppleMusicLibrary(
  em: EntityManager,
  plan: Plan,
  { accountUserId, storefront }: Connection,
): Promise<PlannedItem[]> {
  if (!plan.generationId) return [];
  const { artists: blocks, tracks, exceptions } = await loadEffectiveDecisions(em, plan.userId, await databaseNow(em));
  const library = await loadAppleMusicLibrary(em, plan.generationId, accountUserId);
  const blockedTrackIds = tracks.map(({ trackId }) => trackId);
  const switches = switchesFor(plan.preset as Preset, plan.switches as Partial<Switches>);
  const creditsByTrack = switches.credits ? await creditsOfBlocked(em, blocks) : new Map<string, never>();
  const decisions = {
    blocks,
    blockedTrackIds: new Set(blockedTrackIds),
    exceptions,
    creditsByTrack,
    switches,
    artistNames: library.artistNames,
  };
  const known = await loadPlanCatalog(
    em,
    blocks.map((block) => block.artistId),
    [...blockedTrackIds, ...creditsByTrack.keys(), ...(await trackIds(em, urisNaming(decisions, library)))],
    { provider: 'apple_music', storefront: storefront ?? null },
  );
  const identifiedArtistIds = new Set([...known.artistsByUri.values()].map(({ id }) => id));
  return planAppleMusicItems({ ...decisions, ...known, identifiedArtistIds, library });
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
