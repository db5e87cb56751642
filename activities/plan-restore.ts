import { loadCheckedItems } from '../adapters/postgres/checked-items';
import { loadEffectiveDecisions } from '../adapters/postgres/effective-blocks';
import type { Connection, Plan } from '../adapters/postgres/entities';
import { type FiledEntry, loadFiledLibrary } from '../adapters/postgres/filed-libraries';
import type { EntityManager } from '../adapters/postgres/orm';
import { loadLibrary } from '../adapters/postgres/plan-library';
import type { KnownSpotifyApp } from '../adapters/providers/spotify/app-book';
import { type Preset, type Switches, switchesFor } from '../domain/matching';
import type { PlannedItem } from '../domain/planned-item';
import { type FilePlaces, missingItems, type MissingItems, planRestore } from '../domain/restore-planning';

/** Compares a Spotify library with the file that its person handed in, and what is missing with their blocks. */
export async function compareWithFile(
  em: EntityManager,
  plan: Plan,
  fileGenerationId: string,
  { accountUserId }: Connection,
  { dialect }: KnownSpotifyApp,
): Promise<PlannedItem[]> {
  if (!plan.generationId) return [];
  const library = await loadLibrary(em, plan.generationId, accountUserId);
  const missing = missingItems(await filedPlaces(em, fileGenerationId, accountUserId), library);
  const { artists: blocks, tracks, exceptions } = await loadEffectiveDecisions(em, plan.userId, new Date());
  return planRestore({
    ...(await loadCheckedItems(em, urisOf(missing))),
    missing,
    likes: library.likes,
    personProviderId: accountUserId,
    blocks,
    blockedTrackIds: new Set(tracks.map(({ trackId }) => trackId)),
    exceptions,
    creditsByTrack: new Map(),
    switches: switchesFor(plan.preset as Preset, plan.switches as Partial<Switches>),
    dialect,
  });
}

async function filedPlaces(em: EntityManager, generationId: string, accountUserId: string) {
  const { likes, albums, follows, followedPlaylists, playlists } = await loadFiledLibrary(
    em,
    generationId,
    accountUserId,
  );
  return {
    likes: placesOf(likes),
    albums: placesOf(albums),
    follows: placesOf(follows),
    followedPlaylists: placesOf(followedPlaylists),
    playlists: new Map([...playlists].map(([id, entries]) => [id, placesOf(entries)])),
  };
}

const placesOf = (entries: readonly FiledEntry[]): FilePlaces =>
  entries.map(([uri, addedAt, addedBy, texts]) => ({ uri, addedAt, addedBy, texts }));

function urisOf({ likes, albums, follows, playlists }: MissingItems): string[] {
  const tracks = playlists.flatMap((playlist) => playlist.tracks);
  return [...new Set([...likes, ...albums, ...follows, ...tracks].map(({ uri }) => uri))];
}
