import { decisionsApartFrom, type StillBlocked, stillBlockedBy } from '../../domain/artist-restore';
import { type Preset, type Switches, switchesFor } from '../../domain/matching';
import { loadCheckedItems } from './checked-items';
import { busyWith } from './connection-locks';
import { loadEffectiveDecisions } from './effective-blocks';
import type { EntityManager } from './orm';
import { canBeUndone, type RawUndoable, type UndoableAction, undoableColumns, undoableOf } from './rollbacks';

/** What of an artist is to be brought back. */
export interface ArtistRestore {
  userId: string;
  artistId: string;
  /** Null: at all of the person's connections. */
  connectionId: string | null;
  unblock: boolean;
  keepException: boolean;
}

/** An action with the connection at which it was done. */
export interface RemovedForArtist extends UndoableAction {
  connectionId: string;
}

export interface SkippedRestore extends StillBlocked {
  action: RemovedForArtist;
}

/**
 * What was taken out for the artist, and what has the artist in its credits: a song of two may have gone for the other one and
 * stayed out for this one since.
 */
const ofArtist = `r.user_id = ? and r.run_type = 'enforce' and (?::uuid is null or r.connection_id = ?::uuid) and (?::uuid = any(a.artist_ids)
  or a.uri in (select t.uri from track_artists c join tracks t on t.id = c.track_id where c.artist_id = ?
    union all select l.uri from album_artists c join albums l on l.id = c.album_id where c.artist_id = ?))`;
const bindings = ({ userId, connectionId, artistId }: ArtistRestore) => [
  userId,
  connectionId,
  connectionId,
  artistId,
  artistId,
  artistId,
];

/**
 * Holds every run that took something of an artist’s out, until the commit, so that nobody else undoes the same meanwhile. Always
 * in the same order, so that two who do this wait for one another. Throws DomainError `connection_busy` with a run of these
 * that has not ended.
 */
export async function lockRunsOfArtist(tx: EntityManager, restore: ArtistRestore): Promise<void> {
  const rows = await tx.execute<{ id: string; finished: boolean }[]>(
    `select id, finished_at is not null as finished from runs
     where id in (select a.run_id from actions a join runs r on r.id = a.run_id where ${ofArtist}) order by id for update`,
    bindings(restore),
  );
  const open = rows.find(({ finished }) => !finished);
  if (open) throw busyWith(open.id);
}

/**
 * Everything of an artist’s that ended runs took out and that is not back, in the order of the runs: what would come back, and
 * what something else still wants out, with what that is.
 */
export async function selectArtistRestore(
  em: EntityManager,
  restore: ArtistRestore,
): Promise<{ restored: RemovedForArtist[]; skipped: SkippedRestore[] }> {
  const { userId, artistId, unblock, keepException } = restore;
  const rows = await em.execute<
    (RawUndoable & {
      connection_id: string;
      artist_ids: string[];
      preset: Preset | null;
      switches: Partial<Switches> | null;
    })[]
  >(
    `select ${undoableColumns}, a.artist_ids, r.connection_id, p.preset, p.switches
     from actions a join runs r on r.id = a.run_id join connections c on c.id = r.connection_id left join plans p on p.id = r.plan_id
     where ${ofArtist} and ${canBeUndone} and r.finished_at is not null and c.disconnecting_since is null order by r.id, a.seq`,
    bindings(restore),
  );
  const catalog = await loadCheckedItems(em, [...new Set(rows.map(({ uri }) => uri))]);
  const decisions = await loadEffectiveDecisions(em, userId, new Date());
  const apart = decisionsApartFrom(artistId, decisions, { unblocked: unblock && !keepException });
  const judge = stillBlockedBy(catalog, apart);
  const restored: RemovedForArtist[] = [];
  const skipped: SkippedRestore[] = [];
  for (const row of rows) {
    const action = { ...undoableOf(row), connectionId: row.connection_id };
    const switches = switchesFor(row.preset ?? 'standard', row.switches ?? {});
    const stays = judge({ uri: row.uri, artistIds: row.artist_ids, switches });
    if (stays) skipped.push({ ...stays, action });
    else restored.push(action);
  }
  return { restored, skipped };
}

/** Whether the catalog has the artist. */
export async function artistExists(em: EntityManager, artistId: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(`select id from artists where id = ?`, [artistId]);
  return rows.length > 0;
}
