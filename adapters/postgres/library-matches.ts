import type { EffectiveDecisions } from '../../domain/effective-blocks';
import type { Switches } from '../../domain/matching';
import type { SpotifyAppBook } from '../providers/spotify/app-book';
import { readAppleMusicLibrary } from './apple-music-matches';
import type { Connection } from './entities';
import type { EntityManager } from './orm';
import { type LibraryJudge, readSpotifyLibrary } from './spotify-matches';

/** Reads a generation of a connection's library, to be judged by decisions that block nobody beyond `reach`. */
export async function readLibrary(
  em: EntityManager,
  connection: Connection,
  {
    generationId,
    switches,
    spotifyApps,
  }: { generationId: string; switches: Switches; spotifyApps: Pick<SpotifyAppBook, 'read'> },
  reach: EffectiveDecisions,
): Promise<LibraryJudge> {
  if (connection.provider === 'apple_music')
    return readAppleMusicLibrary(em, connection, { generationId, switches }, reach);
  const app = await spotifyApps.read(connection.clientId);
  return readSpotifyLibrary(em, connection, { generationId, switches, app }, reach);
}
