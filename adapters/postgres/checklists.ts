import type { EntityManager } from './orm';
import type { PlanItemRow, RawItem } from './plan-items';

type Described = 'id' | 'seq' | 'uri' | 'name' | 'artists' | 'album' | 'url' | 'imageUrl' | 'matches' | 'needsReview';

/** One track in one playlist that its person removes by hand. */
export interface ChecklistRow extends Pick<PlanItemRow, Described> {
  playlistId: string;
  playlistName: string;
  /** Zero-based places in the playlist. */
  positions: number[];
  doneAt: Date | null;
}

export interface ChecklistFilter {
  playlistId?: string | undefined;
  done?: boolean | undefined;
}

interface RawRow extends Omit<RawItem, 'item_type' | 'action_type' | 'losses' | 'included' | 'not_enforceable'> {
  done_at: string | null;
}

const columns = `id, seq, uri, name, artists, album, url, image_url, playlist_id, playlist_name, positions, matches, needs_review, done_at`;

const rowOf = (row: RawRow): ChecklistRow => ({
  id: row.id,
  seq: row.seq,
  uri: row.uri,
  name: row.name,
  artists: row.artists,
  album: row.album,
  url: row.url,
  imageUrl: row.image_url,
  playlistId: row.playlist_id ?? '',
  playlistName: row.playlist_name ?? '',
  positions: row.positions ?? [],
  matches: row.matches,
  needsReview: row.needs_review,
  doneAt: row.done_at === null ? null : new Date(row.done_at),
});

/** The checklist of a plan, playlist by playlist, after a place in it. */
export async function listChecklist(
  em: EntityManager,
  planId: string,
  { filter = {}, after, limit }: { filter?: ChecklistFilter; after: number; limit: number },
): Promise<ChecklistRow[]> {
  const playlistId = filter.playlistId ?? null;
  const done = filter.done ?? null;
  const rows = await em.execute<RawRow[]>(
    `select ${columns} from plan_items where plan_id = ? and item_type = 'manual' and seq > ?
       and (?::text is null or playlist_id = ?) and (?::boolean is null or (done_at is not null) = ?) order by seq limit ?`,
    [planId, after, playlistId, playlistId, done, done, limit],
  );
  return rows.map(rowOf);
}

/** How many items a checklist has, and how many are ticked off. */
export async function countChecklist(em: EntityManager, planId: string): Promise<{ total: number; done: number }> {
  const [row] = await em.execute<{ total: string; done: string }[]>(
    `select count(*) as total, count(done_at) as done from plan_items where plan_id = ? and item_type = 'manual'`,
    [planId],
  );
  return { total: Number(row?.total ?? 0), done: Number(row?.done ?? 0) };
}

/** Ticks an item off or on again; one that is ticked off already keeps its time. Null where it is none of the plan's checklist. */
export async function tickOff(
  tx: EntityManager,
  { planId, itemId, done }: { planId: string; itemId: string; done: boolean },
): Promise<ChecklistRow | null> {
  const rows = await tx.execute<RawRow[]>(
    `update plan_items set done_at = case when ? then coalesce(done_at, now()) end
      where id = ? and plan_id = ? and item_type = 'manual' returning ${columns}`,
    [done, itemId, planId],
  );
  return rows[0] ? rowOf(rows[0]) : null;
}

const batchLength = 500;

/** The whole checklist, in batches. */
export async function* checklistBatches(em: EntityManager, planId: string): AsyncGenerator<ChecklistRow[]> {
  for (let after = -1; ;) {
    const rows = await listChecklist(em, planId, { after, limit: batchLength });
    if (rows.length > 0) yield rows;
    if (rows.length < batchLength) return;
    after = rows.at(-1)?.seq ?? after;
  }
}
