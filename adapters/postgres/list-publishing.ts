import { DomainError } from '../../domain/errors';
import { differencesOf } from '../../domain/list-differences';
import type { ListedArtist } from '../../domain/list-proposals';
import { assertPublishable, flagsOf, type Finding } from '../../domain/list-rules';
import { audit } from './audit';
import type { CurrentId } from './current-artists';
import { newId } from './ids';
import { examine } from './list-examination';
import { artistsOfVersion, versionId } from './list-versions';
import { isShared, type ListRow } from './lists';
import { openCase } from './moderation-cases';
import type { EntityManager } from './orm';
import { withdrawSource } from './source-changes';

/** A whole list as somebody wants it to be from now on. */
export interface NewListVersion {
  /** Held by the caller, who has looked at who may. */
  list: ListRow;
  publisherId: string;
  entries: readonly ListedArtist[];
  note: string | null;
  /** The newest version that its publisher knows of. */
  basedOn: number;
  requestId: string | null;
}

/**
 * Makes the next version of a list, in the caller's transaction, which holds merges off and the list. It counts at once, or waits for a
 * moderator where the rules flag it. What waits already is replaced: it goes on waiting, by the next number, so that whoever decides or
 * replaces it, too, learns that it is another one. Throws DomainError `version_conflict`, `list_rules_broken`.
 * @returns the version's number
 */
export async function publishVersion(
  tx: EntityManager,
  { list, publisherId, entries: given, note, basedOn, requestId }: NewListVersion,
  current: CurrentId,
): Promise<number> {
  if (basedOn !== list.newestVersion)
    throw new DomainError('version_conflict', { params: { newestVersion: list.newestVersion } });
  const { name, description, criteria } = list;
  const texts = { shared: isShared(list), name, description, criteria, note };
  const { findings, entries } = await examine(tx, list.id, { ...texts, entries: given }, current);
  assertPublishable(findings);
  const number = list.newestVersion + 1;
  const waits = list.inReview !== null || flagsOf(findings).length > 0;
  const id = await writeVersion(tx, { list, number, entries, note, findings, publisherId });
  await writeEntries(tx, list.id, id, entries);
  const record = { actorId: publisherId, outcome: 'done', subjectType: 'list', subjectId: list.id, requestId } as const;
  const details = { number, entries: entries.length };
  if (waits) {
    const flags = flagsOf(findings).join(' ');
    audit(tx, { ...record, event: 'list.version_submitted', details: { ...details, flags } });
    // Whoever replaces what waits is known; the rules flagged it without anybody's doing.
    await openCase(tx, {
      subjectType: 'list_version',
      subjectId: id,
      origin: 'flagged_version',
      actorId: null,
      requestId,
    });
  } else {
    audit(tx, { ...record, event: 'list.version_published', details });
    await letVersionCount(tx, id, null);
  }
  return number;
}

async function writeVersion(
  tx: EntityManager,
  version: {
    list: ListRow;
    number: number;
    entries: readonly ListedArtist[];
    note: string | null;
    findings: readonly Finding[];
    publisherId: string;
  },
): Promise<string> {
  const { list, number, entries, note, findings, publisherId } = version;
  const counting = await versionId(tx, list.id, list.latestVersion);
  const { added, removed } = changeCounts(counting ? await artistsOfVersion(tx, counting) : [], entries);
  const said = [number, note, JSON.stringify(flagsOf(findings)), entries.length, added, removed, publisherId];
  const flags = `array(select jsonb_array_elements_text(?::jsonb))`;
  const waiting = await versionId(tx, list.id, list.inReview);
  if (waiting !== null) {
    await tx.execute(
      `update list_versions set number = ?, note = ?, flags = ${flags}, entries = ?, added = ?, removed = ?, published_by = ?, created_at = now() where id = ?`,
      [...said, waiting],
    );
    await tx.execute(`delete from list_version_entries where version_id = ?`, [waiting]);
    return waiting;
  }
  const id = newId();
  await tx.execute(
    `insert into list_versions (id, list_id, state, number, note, flags, entries, added, removed, published_by) values (?, ?, ?, ?, ?, ${flags}, ?, ?, ?, ?)`,
    // What does not wait is let count right after; until then it is as one that waits.
    [id, list.id, 'in_review', ...said],
  );
  return id;
}

const changeCounts = (before: readonly ListedArtist[], after: readonly ListedArtist[]) => {
  const differences = differencesOf(before, after);
  const count = (wanted: string) => differences.filter(({ change }) => change === wanted).length;
  return { added: count('added'), removed: count('removed') };
};

/** An artist who was on the list before is the same entry again. */
async function writeEntries(
  tx: EntityManager,
  listId: string,
  version: string,
  entries: readonly ListedArtist[],
): Promise<void> {
  const known = await tx.execute<{ id: string; artist_id: string }[]>(
    `select distinct on (artist_id) id, artist_id from list_entries where list_id = ? order by artist_id, withdrawn_at is not null, id`,
    [listId],
  );
  const ids = new Map(known.map((row) => [row.artist_id, row.id]));
  const rows = entries.map(({ artistId, reason }) => ({
    id: ids.get(artistId) ?? newId(),
    artist_id: artistId,
    reason,
    fresh: !ids.has(artistId),
  }));
  const given = JSON.stringify(rows);
  await tx.execute(
    `insert into list_entries (id, list_id, artist_id) select id, ?, artist_id from jsonb_to_recordset(?::jsonb) as r(id uuid, artist_id uuid, fresh boolean) where fresh`,
    [listId, given],
  );
  await tx.execute(
    `insert into list_version_entries (version_id, entry_id, reason) select ?, id, reason from jsonb_to_recordset(?::jsonb) as r(id uuid, reason text)`,
    [version, given],
  );
}

/**
 * Lets a version count that did not, in the caller's transaction, which holds the list: from now on it is the latest, unless a later one
 * counts already. Whom it has no more ends for those who go by the list, and its subscribers are told, later and each once.
 */
export async function letVersionCount(tx: EntityManager, id: string, decisionId: string | null): Promise<void> {
  const [version] = await tx.execute<{ list_id: string; number: number; latest_version: number | null }[]>(
    `select v.list_id, v.number, l.latest_version from list_versions v join community_lists l on l.id = v.list_id where v.id = ?`,
    [id],
  );
  if (!version) return;
  const { list_id: listId, number, latest_version: latest } = version;
  const counting = await versionId(tx, listId, latest);
  const [before, after] = [counting ? await artistsOfVersion(tx, counting) : [], await artistsOfVersion(tx, id)];
  const { added, removed } = changeCounts(before, after);
  const overtaken = latest !== null && latest > number;
  await tx.execute(
    `update list_versions set state = 'published', published_at = coalesce(published_at, now()), added = ?, removed = ? where id = ?`,
    [added, removed, id],
  );
  if (overtaken) return;
  await tx.execute(`update community_lists set latest_version = ? where id = ?`, [number, listId]);
  await tx.execute(`insert into list_version_tellings (version_id) values (?) on conflict do nothing`, [id]);
  const left = new Set(after.map(({ artistId }) => artistId));
  const artistIds = before.map(({ artistId }) => artistId).filter((artistId) => !left.has(artistId));
  await withdrawSource(tx, { source: { kind: 'list', listId }, artistIds, decisionId });
}
