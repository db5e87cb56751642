import type { Match } from '../../domain/matching';
import { foldName } from '../../domain/names';
import { containing } from './like-pattern';
import type { EntityManager } from './orm';
import { recordChoices } from './plan-choices';

/** Which items of a plan; every condition given must hold. `role` and `artistId` must hold for one and the same match. */
export interface PlanItemFilter {
  itemType?: string | undefined;
  role?: string | undefined;
  included?: boolean | undefined;
  needsReview?: boolean | undefined;
  artistId?: string | undefined;
  playlistId?: string | undefined;
  loss?: string | undefined;
  /** Part of the name, of an artist's or of the album's. */
  query?: string | undefined;
}

export interface PlanItemRow {
  id: string;
  seq: number;
  itemType: string;
  uri: string;
  name: string;
  artists: string[];
  album: string | null;
  url: string | null;
  imageUrl: string | null;
  playlistId: string | null;
  playlistName: string | null;
  positions: number[] | null;
  matches: Match[];
  action: string;
  losses: string[];
  included: boolean;
  needsReview: boolean;
  notEnforceable: string | null;
}

export interface RawItem {
  id: string;
  seq: number;
  item_type: string;
  uri: string;
  name: string;
  artists: string[];
  album: string | null;
  url: string | null;
  image_url: string | null;
  playlist_id: string | null;
  playlist_name: string | null;
  positions: number[] | null;
  matches: Match[];
  action_type: string;
  losses: string[];
  included: boolean;
  needs_review: boolean;
  not_enforceable: string | null;
}

type Binding = string | number | boolean | null;

/** The filter as SQL over `plan_items i`, with its parameters. */
function conditions(filter: PlanItemFilter): { sql: string; bindings: Binding[] } {
  const parts: string[] = [];
  const bindings: Binding[] = [];
  const add = (sql: string, value: Binding) => {
    parts.push(sql);
    bindings.push(value);
  };
  if (filter.itemType !== undefined) add('i.item_type = ?', filter.itemType);
  if (filter.included !== undefined) add('i.included = ?', filter.included);
  if (filter.needsReview !== undefined) add('i.needs_review = ?', filter.needsReview);
  if (filter.playlistId !== undefined) add('i.playlist_id = ?', filter.playlistId);
  if (filter.loss !== undefined) add('? = any(i.losses)', filter.loss);
  const { query, role, artistId } = filter;
  if (query !== undefined) {
    const pattern = containing(foldName(query));
    parts.push(`(unaccent(lower(i.name)) like ? or unaccent(lower(i.album)) like ?
      or exists (select from jsonb_array_elements_text(i.artists) as artist where unaccent(lower(artist)) like ?))`);
    bindings.push(pattern, pattern, pattern);
  }
  if (artistId !== undefined) {
    parts.push(`exists (select from jsonb_array_elements(i.matches) m
      where m->>'artistId' in (select artist_ids_of(?)::text) and (?::text is null or m->>'role' = ?))`);
    bindings.push(artistId, role ?? null, role ?? null);
  } else if (role !== undefined) add('i.matches @> ?::jsonb', JSON.stringify([{ role }]));
  return { sql: parts.map((part) => ` and ${part}`).join(''), bindings };
}

/** Items of a plan in the plan's order, after a place in it. */
export async function listPlanItems(
  em: EntityManager,
  planId: string,
  { filter, after, limit }: { filter: PlanItemFilter; after: number; limit: number },
): Promise<PlanItemRow[]> {
  const { sql, bindings } = conditions(filter);
  const rows = await em.execute<RawItem[]>(
    `select i.* from plan_items i where i.plan_id = ? and i.seq > ?${sql} order by i.seq limit ?`,
    [planId, after, ...bindings, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    itemType: row.item_type,
    uri: row.uri,
    name: row.name,
    artists: row.artists,
    album: row.album,
    url: row.url,
    imageUrl: row.image_url,
    playlistId: row.playlist_id,
    playlistName: row.playlist_name,
    positions: row.positions,
    matches: row.matches,
    action: row.action_type,
    losses: row.losses,
    included: row.included,
    needsReview: row.needs_review,
    notEnforceable: row.not_enforceable,
  }));
}

/** Those of the ids that are not items of the plan. */
export async function foreignItems(
  em: EntityManager,
  planId: string,
  itemIds: readonly string[],
): Promise<Set<string>> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from plan_items where plan_id = ? and id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [planId, JSON.stringify(itemIds)],
  );
  const own = new Set(rows.map((row) => row.id));
  return new Set(itemIds.filter((id) => !own.has(id)));
}

/**
 * Includes or excludes items and takes that down as the person's choice, also for those that were so already; what can't be
 * enforced is never included. Returns how many changed.
 */
export async function includeItems(
  tx: EntityManager,
  planId: string,
  which: { itemIds: readonly string[] } | { filter: PlanItemFilter },
  included: boolean,
): Promise<number> {
  const { sql, bindings } =
    'itemIds' in which
      ? {
          sql: ` and i.id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
          bindings: [JSON.stringify(which.itemIds)],
        }
      : conditions(which.filter);
  // A playlist is made only where it is asked for by name: nobody who includes everything means that.
  const unasked =
    'filter' in which && which.filter.itemType !== 'playlist_copy' ? ` and i.item_type <> 'playlist_copy'` : '';
  const chosen = `i.plan_id = ? and (i.not_enforceable is null or not ?)${sql}${included ? unasked : ''}`;
  const values = [planId, included, ...bindings];
  await recordChoices(tx, { itemsSql: `from plan_items i where ${chosen}`, bindings: values, included });
  const rows = await tx.execute<{ id: string }[]>(
    `update plan_items i set included = ? where i.included <> ? and ${chosen} returning i.id`,
    [included, included, ...values],
  );
  return rows.length;
}
