import { decisionsApartFrom } from '../../domain/artist-restore';
import { databaseNow } from './clock';
import { loadEffectiveDecisions } from './effective-blocks';
import type { EntityManager } from './orm';
import {
  lockRunsThatRemoved,
  type RemovedAction,
  type RemovedScope,
  selectRemoved,
  type SkippedRestore,
} from './removed-items';

/** What of an artist is to be brought back. */
export interface ArtistRestore {
  userId: string;
  artistId: string;
  /** Null: at all of the person's connections. */
  connectionId: string | null;
  unblock: boolean;
  keepException: boolean;
}

const scopeOf = ({ userId, connectionId, artistId }: ArtistRestore): RemovedScope => ({
  userId,
  connectionId,
  subjectType: 'artist',
  subjectId: artistId,
});

/** Holds every run that took something of the artist's out; see `lockRunsThatRemoved`. */
export const lockRunsOfArtist = (tx: EntityManager, restore: ArtistRestore): Promise<void> =>
  lockRunsThatRemoved(tx, scopeOf(restore));

/** What of an artist's would come back, and what something else still wants out; see `selectRemoved`. */
export async function selectArtistRestore(
  em: EntityManager,
  restore: ArtistRestore,
): Promise<{ restored: RemovedAction[]; skipped: SkippedRestore[] }> {
  const { userId, artistId, unblock, keepException } = restore;
  const decisions = await loadEffectiveDecisions(em, userId, await databaseNow(em));
  const apart = decisionsApartFrom(artistId, decisions, { unblocked: unblock && !keepException });
  return selectRemoved(em, scopeOf(restore), apart);
}

/** Whether the catalog has the artist. */
export async function artistExists(em: EntityManager, artistId: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(`select id from artists where id = ?`, [artistId]);
  return rows.length > 0;
}
