import { type RemovedCatalog, type RemovedItem, type StillBlocked, stillBlockedBy } from '../../domain/artist-restore';
import type { EffectiveDecisions } from '../../domain/effective-blocks';
import { type Preset, type Switches, switchesFor } from '../../domain/matching';
import { loadCheckedItems } from './checked-items';
import { busyWith } from './connection-locks';
import { idsOfNow } from './current-artists';
import type { EntityManager } from './orm';
import { canBeUndone, type RawUndoable, type UndoableAction, undoableColumns, undoableOf } from './rollbacks';

/** Of what was taken out at a person's connections: all of an artist's, one track, or what rested on a source that was withdrawn. */
export interface RemovedScope {
  userId: string;
  /** Null: at all of the person's connections. */
  connectionId: string | null;
  subjectType: 'artist' | 'track' | 'withdrawal';
  subjectId: string;
}

/** An action with the connection at which it was done. */
export interface RemovedAction extends UndoableAction {
  connectionId: string;
}

export interface SkippedRestore extends StillBlocked {
  action: RemovedAction;
}

/**
 * What was taken out for the artist, and what has the artist in its credits: a song of two may have gone for the other one and
 * stayed out for this one since.
 */
const ofArtist = `(a.artist_ids && array(select artist_ids_of(?))
  or a.uri in (select t.uri from track_artists c join tracks t on t.id = c.track_id where c.artist_id = ?
    union all select l.uri from album_artists c join albums l on l.id = c.album_id where c.artist_id = ?))`;
const ofSubject = {
  artist: ofArtist,
  track: `a.uri = (select uri from tracks where id = ?)`,
  withdrawal: `a.sources && (select keys from source_withdrawals where id = ?)`,
} as const;

/** Of actions `a` of runs `r`. */
const within = ({ subjectType }: RemovedScope) =>
  `r.user_id = ? and r.run_type = 'enforce' and (?::uuid is null or r.connection_id = ?::uuid) and ${ofSubject[subjectType]}`;
const bindings = ({ userId, connectionId, subjectType, subjectId }: RemovedScope) => [
  userId,
  connectionId,
  connectionId,
  ...Array<string>(subjectType === 'artist' ? 3 : 1).fill(subjectId),
];

/**
 * Holds every run that took something of this out, until the commit, so that nobody else undoes the same meanwhile. Always in the
 * same order, so that two who do this wait for one another. Throws DomainError `connection_busy` with a run of these that has
 * not ended.
 */
export async function lockRunsThatRemoved(tx: EntityManager, scope: RemovedScope): Promise<void> {
  const rows = await tx.execute<{ id: string; finished: boolean }[]>(
    `select id, finished_at is not null as finished from runs
     where id in (select a.run_id from actions a join runs r on r.id = a.run_id where ${within(scope)}) order by id for update`,
    bindings(scope),
  );
  const open = rows.find(({ finished }) => !finished);
  if (open) throw busyWith(open.id);
}

/** What ended runs took out and is not back, with what the catalog knows of it. */
export interface Removed {
  items: (RemovedItem & { action: RemovedAction })[];
  catalog: RemovedCatalog;
}

/** Everything of this that ended runs took out and that is not back, in the order of the runs. */
export async function loadRemoved(em: EntityManager, scope: RemovedScope): Promise<Removed> {
  const rows = await em.execute<
    (RawUndoable & {
      connection_id: string;
      artist_ids: string[];
      preset: Preset | null;
      switches: Partial<Switches> | null;
    })[]
  >(
    `select ${undoableColumns}, ${idsOfNow('a.artist_ids')} as artist_ids, r.connection_id, p.preset, p.switches
     from actions a join runs r on r.id = a.run_id join connections c on c.id = r.connection_id left join plans p on p.id = r.plan_id
     where ${within(scope)} and ${canBeUndone} and r.finished_at is not null and c.disconnecting_since is null order by r.id, a.seq`,
    bindings(scope),
  );
  const catalog = await loadCheckedItems(em, [...new Set(rows.map(({ uri }) => uri))]);
  const items = rows.map((row) => ({
    uri: row.uri,
    artistIds: row.artist_ids,
    switches: switchesFor(row.preset ?? 'standard', row.switches ?? {}),
    action: { ...undoableOf(row), connectionId: row.connection_id },
  }));
  return { items, catalog };
}

/** Of what was taken out: what would come back by these decisions, and what something still wants out, with what that is. */
export function judgeRemoved(
  { items, catalog }: Removed,
  decisions: EffectiveDecisions,
): { restored: RemovedAction[]; skipped: SkippedRestore[] } {
  const judge = stillBlockedBy(catalog, decisions);
  const restored: RemovedAction[] = [];
  const skipped: SkippedRestore[] = [];
  for (const { action, ...item } of items) {
    const stays = judge(item);
    if (stays) skipped.push({ ...stays, action });
    else restored.push(action);
  }
  return { restored, skipped };
}

/** The two together, where the decisions are known. */
export const selectRemoved = async (
  em: EntityManager,
  scope: RemovedScope,
  decisions: EffectiveDecisions,
): Promise<{ restored: RemovedAction[]; skipped: SkippedRestore[] }> =>
  judgeRemoved(await loadRemoved(em, scope), decisions);
