import type { ListVersionState } from '../../domain/community-lists';
import type { DecidedSubject } from './decided-subjects';
import { concernedBy } from './list-decisions';
import { letVersionCount } from './list-publishing';
import { artistsOfVersion, versionId } from './list-versions';
import type { EntityManager } from './orm';
import { withdrawSource } from './source-changes';

interface HeldVersion {
  listId: string;
  number: number;
  state: ListVersionState;
  latestVersion: number | null;
}

/**
 * Decisions about one version of a list: `approve` lets it count, `reject` has it count never or no more. A version can also be reported
 * once it counts.
 */
export const listVersionSubject: DecidedSubject = {
  measures: ['approve', 'reject', 'request_changes'],

  async hold(tx, id) {
    const version = await holdVersion(tx, id);
    return version ? { concerned: await concernedBy(tx, version.listId) } : null;
  },

  async carryOut(tx, { decisionId, subjectId, measure }) {
    const before = await heldVersion(tx, subjectId);
    if (measure === 'approve' && before.state === 'in_review') await letVersionCount(tx, subjectId, decisionId);
    if (measure === 'reject') await rejectVersion(tx, subjectId, before, decisionId);
    return { state: before.state };
  },

  async takeBack(tx, { decisionId, subjectId, measure }) {
    const before = await heldVersion(tx, subjectId);
    if (measure === 'approve') await rejectVersion(tx, subjectId, before, decisionId);
    if (measure === 'reject' && before.state === 'rejected') await letVersionCount(tx, subjectId, decisionId);
  },
};

/** The one published before it counts again, where others may see that one; and whoever had pinned it goes by nothing. */
async function rejectVersion(
  tx: EntityManager,
  id: string,
  { listId, number, state, latestVersion }: HeldVersion,
  decisionId: string,
): Promise<void> {
  await tx.execute(`update list_versions set state = 'rejected' where id = ?`, [id]);
  if (state !== 'published') return;
  const artists = (await artistsOfVersion(tx, id)).map(({ artistId }) => artistId);
  const kept = new Set(latestVersion === number ? await fallBack(tx, listId, number) : artists);
  const artistIds = (await isPinned(tx, listId, number)) ? artists : artists.filter((artistId) => !kept.has(artistId));
  await withdrawSource(tx, { source: { kind: 'list', listId }, artistIds, decisionId });
}

/** Whether somebody goes by this version, whatever the latest one is. */
async function isPinned(tx: EntityManager, listId: string, number: number): Promise<boolean> {
  const rows = await tx.execute<{ id: string }[]>(
    `select id from list_subscriptions where list_id = ? and list_version = ? limit 1`,
    [listId, number],
  );
  return rows.length > 0;
}

/** @returns whom the version has that counts now */
async function fallBack(tx: EntityManager, listId: string, number: number): Promise<string[]> {
  const [row] = await tx.execute<{ latest: number | null }[]>(
    `update community_lists l set latest_version = (select max(v.number) from list_versions v where v.list_id = l.id and v.state = 'published'
       and v.number < ? and (l.visibility = 'private' or v.number >= coalesce(l.open_from, 1)))
     where l.id = ? returning l.latest_version as latest`,
    [number, listId],
  );
  const counting = await versionId(tx, listId, row?.latest ?? null);
  return counting ? (await artistsOfVersion(tx, counting)).map(({ artistId }) => artistId) : [];
}

async function heldVersion(tx: EntityManager, id: string): Promise<HeldVersion> {
  const version = await holdVersion(tx, id);
  if (!version) throw new Error('The version was there a moment ago.');
  return version;
}

/** Its list first, as whoever publishes does. */
async function holdVersion(tx: EntityManager, id: string): Promise<HeldVersion | null> {
  await tx.execute(
    `select id from community_lists where id = (select list_id from list_versions where id = ?) for no key update`,
    [id],
  );
  const [row] = await tx.execute<HeldVersion[]>(
    `select v.list_id as "listId", v.number, v.state, l.latest_version as "latestVersion"
     from list_versions v join community_lists l on l.id = v.list_id where v.id = ?`,
    [id],
  );
  return row ?? null;
}
