import { resolveBlocks, withSource } from '../../domain/effective-blocks';
import { impactOf, type LibraryImpact } from '../../domain/library-impact';
import { switchesFor } from '../../domain/switches';
import { forgetfulAppBook } from '../providers/spotify/app-book';
import { firmlyBlocked, loadBlockDecisions } from './effective-blocks';
import { Connection } from './entities';
import { readLibrary } from './library-matches';
import type { EntityManager } from './orm';

/** What following a source would mean for a person, beyond what is kept out for them already. */
export interface SourceImpact {
  /** Artists who would newly be kept out, anywhere. */
  artists: number;
  connections: { connection: Connection; impact: LibraryImpact }[];
}

/**
 * Matches each library that was read with what a source says, as a plan with the standard preset would, and stores nothing. What the
 * person keeps stays.
 */
export async function sourceImpact(
  em: EntityManager,
  userId: string,
  now: Date,
  source: Parameters<typeof withSource>[1],
): Promise<SourceImpact> {
  const decisions = await loadBlockDecisions(em, userId, now);
  const [anyway, bySource] = [resolveBlocks(decisions), resolveBlocks(withSource(decisions, source))];
  const [known, switches] = [firmlyBlocked(anyway), switchesFor('standard')];
  const connections: SourceImpact['connections'] = [];
  const libraries = await em.find(
    Connection,
    { userId, disconnectingSince: null, generationId: { $ne: null } },
    { orderBy: { id: 'desc' } },
  );
  for (const connection of libraries) {
    const { generationId } = connection;
    if (!generationId) continue;
    // A preview writes to no library: what its app can do is of no account.
    const judge = await readLibrary(
      em,
      connection,
      { generationId, switches, spotifyApps: forgetfulAppBook },
      bySource,
    );
    connections.push({ connection, impact: impactOf(judge(anyway), judge(bySource)) });
  }
  const artists = [...firmlyBlocked(bySource)].filter((artistId) => !known.has(artistId)).length;
  return { artists, connections };
}
