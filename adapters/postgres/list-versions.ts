import type { EntryState, ListVersionState } from '../../domain/community-lists';
import type { ListedArtist } from '../../domain/list-proposals';
import { type ListRow, seesAll } from './lists';
import type { EntityManager } from './orm';

export interface ListVersionRow {
  id: string;
  number: number;
  state: ListVersionState;
  note: string | null;
  flags: string[];
  entries: number;
  added: number;
  removed: number;
  createdAt: Date;
  publishedAt: Date | null;
}

const columns = `v.id, v.number, v.state, v.note, v.flags, v.entries, v.added, v.removed, v.created_at as "createdAt", v.published_at as "publishedAt"`;
type RawVersion = Omit<ListVersionRow, 'createdAt' | 'publishedAt'> & { createdAt: string; publishedAt: string | null };
const versionOf = (row: RawVersion): ListVersionRow => ({
  ...row,
  createdAt: new Date(row.createdAt),
  publishedAt: row.publishedAt === null ? null : new Date(row.publishedAt),
});

/** Who looks after a list sees every version, as staff does where there is a case about it; everybody else those that were published since it was opened. */
const shown = (list: ListRow) =>
  seesAll(list)
    ? { sql: 'true', values: [] }
    : { sql: `v.state = 'published' and v.number >= ?`, values: [list.openFrom ?? 1] };

/** A list's versions, newest first. */
export async function listVersions(
  em: EntityManager,
  list: ListRow,
  { before, limit }: { before: number | null; limit: number },
): Promise<ListVersionRow[]> {
  const { sql, values } = shown(list);
  const rows = await em.execute<RawVersion[]>(
    `select ${columns} from list_versions v where v.list_id = ? and ${sql} and (?::int is null or v.number < ?) order by v.number desc limit ?`,
    [list.id, ...values, before, before, limit],
  );
  return rows.map(versionOf);
}

/** One version by its number; null where there is none that the person may see. */
export async function findVersion(em: EntityManager, list: ListRow, number: number): Promise<ListVersionRow | null> {
  const { sql, values } = shown(list);
  const [row] = await em.execute<RawVersion[]>(
    `select ${columns} from list_versions v where v.list_id = ? and v.number = ? and ${sql}`,
    [list.id, number, ...values],
  );
  return row ? versionOf(row) : null;
}

/** An artist on a version. */
export interface VersionEntry extends ListedArtist {
  entryId: string;
  artistName: string;
  state: EntryState;
  /** Until when it is kept from taking effect. */
  restrictedUntil: Date | null;
}

/** In SQL: entries of a version `?` with their artists, each artist once, whatever merges made of two. */
const ofVersion = `list_version_entries ve join list_entries e on e.id = ve.entry_id join artists a on a.id = e.artist_id
  where ve.version_id = ? and not exists (select from list_version_entries ve2 join list_entries e2 on e2.id = ve2.entry_id
    where ve2.version_id = ve.version_id and e2.artist_id = e.artist_id and (e2.withdrawn_at is not null, e2.id) < (e.withdrawn_at is not null, e.id))`;

/** Artists of a version in the order in which they came to the list. */
export async function versionEntries(
  em: EntityManager,
  versionId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<VersionEntry[]> {
  const rows = await em.execute<(Omit<VersionEntry, 'restrictedUntil'> & { restrictedUntil: string | null })[]>(
    `select e.id as "entryId", e.artist_id as "artistId", a.name as "artistName", ve.reason,
       case when e.withdrawn_at is not null then 'withdrawn' when e.restricted_until > now() then 'restricted' else 'standing' end as state,
       case when e.withdrawn_at is null and e.restricted_until > now() then e.restricted_until end as "restrictedUntil"
     from ${ofVersion} and (?::uuid is null or e.id > ?) order by e.id limit ?`,
    [versionId, after, after, limit],
  );
  return rows.map((row) => ({
    ...row,
    restrictedUntil: row.restrictedUntil === null ? null : new Date(row.restrictedUntil),
  }));
}

/** Everybody on a version, in the same order. */
export async function artistsOfVersion(em: EntityManager, versionId: string): Promise<ListedArtist[]> {
  return em.execute<ListedArtist[]>(`select e.artist_id as "artistId", ve.reason from ${ofVersion} order by e.id`, [
    versionId,
  ]);
}

/** The id of a list's version by its number. */
export async function versionId(em: EntityManager, listId: string, number: number | null): Promise<string | null> {
  if (number === null) return null;
  const [row] = await em.execute<{ id: string }[]>(`select id from list_versions where list_id = ? and number = ?`, [
    listId,
    number,
  ]);
  return row?.id ?? null;
}

/** Ids of the artists of the version that counts; none where none does. */
export async function countingArtists(em: EntityManager, listId: string): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select distinct e.artist_id from community_lists l join list_versions v on v.list_id = l.id and v.number = l.latest_version
     join list_version_entries ve on ve.version_id = v.id join list_entries e on e.id = ve.entry_id where l.id = ? order by 1`,
    [listId],
  );
  return rows.map(({ artist_id: id }) => id);
}

/** Whoever a list blocks, by whatever version somebody goes by. */
export async function artistsEverPublished(em: EntityManager, listId: string): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select distinct e.artist_id from list_versions v join list_version_entries ve on ve.version_id = v.id
     join list_entries e on e.id = ve.entry_id where v.list_id = ? and v.state = 'published' order by 1`,
    [listId],
  );
  return rows.map(({ artist_id: id }) => id);
}
