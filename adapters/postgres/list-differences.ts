import { differencesOf, type ListChange, type ListDifference } from '../../domain/list-differences';
import { givenIds } from './erasure';
import { artistsOfVersion, findVersion, listVersions } from './list-versions';
import type { ListRow } from './lists';
import type { EntityManager } from './orm';

export interface ListDifferences {
  from: number | null;
  to: number | null;
  counts: { added: number; removed: number; reasonChanged: number };
  items: (ListDifference & { artistName: string })[];
}

/**
 * How two versions differ that the person may see: by default the one that counts, and the one that they see before `to`. Null where one
 * that is named is not there.
 */
export async function listDifferences(
  em: EntityManager,
  list: ListRow,
  asked: { from: number | null; to: number | null; offset: number; limit: number },
): Promise<ListDifferences | null> {
  const to = asked.to ?? list.latestVersion;
  const after = to === null ? null : await findVersion(em, list, to);
  if (asked.to !== null && !after) return null;
  const [previous] = asked.from === null && to !== null ? await listVersions(em, list, { before: to, limit: 1 }) : [];
  const before = asked.from === null ? (previous ?? null) : await findVersion(em, list, asked.from);
  if (asked.from !== null && !before) return null;
  const entries = (id: string | undefined) => (id === undefined ? [] : artistsOfVersion(em, id));
  const all = differencesOf(await entries(before?.id), await entries(after?.id));
  const count = (wanted: ListChange) => all.filter(({ change }) => change === wanted).length;
  return {
    from: before?.number ?? null,
    to: after?.number ?? null,
    counts: { added: count('added'), removed: count('removed'), reasonChanged: count('reason_changed') },
    items: await withNames(em, all.slice(asked.offset, asked.offset + asked.limit)),
  };
}

async function withNames(
  em: EntityManager,
  items: readonly ListDifference[],
): Promise<(ListDifference & { artistName: string })[]> {
  const rows = await em.execute<{ id: string; name: string }[]>(
    `select id, name from artists where id in ${givenIds}`,
    [JSON.stringify(items.map(({ artistId }) => artistId))],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return items.map((item) => ({ ...item, artistName: names.get(item.artistId) ?? '' }));
}
