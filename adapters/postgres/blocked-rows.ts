import type { BlockedArtist } from '../../domain/blocks';
import type { BlockDecisions } from '../../domain/effective-blocks';

/** A blocked artist as a row has one. */
export interface BlockedRow {
  artist_id: string;
  name: string;
  aliases: string[];
}

/** In SQL, of artists `a`: the columns of such a row. */
export const namedBlocked = `a.id as artist_id, a.name, array(select al.name from artist_aliases al where al.artist_id = a.id) as aliases`;

/** The names in their order here: a sort for each row would take the database longer than all else. */
export const blockedArtistOf = ({ artist_id: artistId, name: artistName, aliases }: BlockedRow): BlockedArtist => ({
  artistId,
  artistName,
  aliases: [...new Set(aliases)].sort(),
});

export type ListedRow = BlockedRow & { list_id: string; version: number };

/** Lists in the order in which rows first name them. */
export function listsOf(rows: readonly ListedRow[]): BlockDecisions['lists'] {
  const lists = new Map<string, { listId: string; version: number; entries: BlockedArtist[] }>();
  for (const row of rows) {
    const list = lists.get(row.list_id) ?? { listId: row.list_id, version: row.version, entries: [] };
    lists.set(row.list_id, list);
    list.entries.push(blockedArtistOf(row));
  }
  return [...lists.values()];
}

type Offense = BlockDecisions['categories'][number]['offenses'][number];
export type OffenseRow = BlockedRow & { category: string; offense_id: string; status: Offense['status'] };

/** Categories likewise. */
export function categoriesOf(rows: readonly OffenseRow[]): BlockDecisions['categories'] {
  const categories = new Map<string, Offense[]>();
  for (const row of rows) {
    const offenses = categories.get(row.category) ?? [];
    categories.set(row.category, offenses);
    offenses.push({ ...blockedArtistOf(row), offenseId: row.offense_id, status: row.status });
  }
  return [...categories].map(([category, offenses]) => ({ category, offenses }));
}
