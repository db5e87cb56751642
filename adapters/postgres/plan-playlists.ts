import { placesAfter } from '../../domain/playlist-preview';
import type { PlaylistEntry } from './library-content';
import { loadPartEntries } from './library-generations';
import { describeItems } from './library-listing';
import type { EntityManager } from './orm';

/** What a plan would do to one playlist. Items are tracks; each may have several positions. */
export interface PlannedPlaylist {
  id: string;
  /** Of its first item in the plan's order. */
  seq: number;
  name: string;
  /** Positions before; null where the library that the plan was made from is no longer kept. */
  length: number | null;
  /** Items of the plan here, included or not. */
  items: number;
  needsReview: number;
  /** What is included. */
  leaving: { items: number; positions: number };
}

/** The playlists in which a plan has items, in the plan's order, after the place of one in it. */
export async function listPlannedPlaylists(
  em: EntityManager,
  { planId, after, limit }: { planId: string; after: number; limit: number },
): Promise<PlannedPlaylist[]> {
  const rows = await em.execute<
    {
      id: string;
      seq: number;
      name: string | null;
      length: number | null;
      items: number;
      needs_review: number;
      leaving_items: number;
      leaving_positions: number;
    }[]
  >(
    `with touched as (
       select i.playlist_id as id, min(i.seq) as seq, min(i.playlist_name) as planned_name, count(*)::int as items,
         (count(*) filter (where i.needs_review))::int as needs_review, (count(*) filter (where i.included))::int as leaving_items,
         coalesce(sum(jsonb_array_length(i.positions)) filter (where i.included), 0)::int as leaving_positions
       from plan_items i where i.plan_id = ? and i.playlist_id is not null and i.item_type <> 'playlist_copy' group by i.playlist_id)
     select t.*, coalesce(l.name, t.planned_name) as name, l.length from touched t join plans p on p.id = ?
       left join library_parts l on l.generation_id = p.generation_id and l.kind = 'playlist' and l.provider_id = t.id
     where t.seq > ? order by t.seq limit ?`,
    [planId, planId, after, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    name: row.name ?? '',
    length: row.length,
    items: row.items,
    needsReview: row.needs_review,
    leaving: { items: row.leaving_items, positions: row.leaving_positions },
  }));
}

/** One place of a playlist as the plan found it. */
export interface PreviewedPlace {
  position: number;
  /** Where it is afterwards; null where it leaves. */
  after: number | null;
  uri: string | null;
  /** Null where the catalog knows none (local files, episodes, places that the provider shows nothing of). */
  name: string | null;
  artists: string[];
  imageUrl: string | null;
  /** The item of the plan that it belongs to, included or not. */
  itemId: string | null;
}

/** Places of one playlist of a plan, from an offset; null where that library or the playlist's contents are not kept. */
export async function previewPlaylist(
  em: EntityManager,
  {
    planId,
    generationId,
    playlistId,
    offset,
    limit,
  }: { planId: string; generationId: string; playlistId: string; offset: number; limit: number },
): Promise<PreviewedPlace[] | null> {
  const found = await loadPartEntries<PlaylistEntry>(em, generationId, 'playlist', playlistId);
  if (!found) return null;
  const planned = await em.execute<{ id: string; positions: number[]; included: boolean }[]>(
    `select id, positions, included from plan_items where plan_id = ? and playlist_id = ? and positions is not null`,
    [planId, playlistId],
  );
  const itemAt = new Map(planned.flatMap(({ id, positions }) => positions.map((place) => [place, id] as const)));
  const leaving = new Set(planned.flatMap(({ positions, included }) => (included ? positions : [])));
  const after = placesAfter(found.entries.length, leaving);
  const shown = found.entries.slice(offset, offset + limit);
  const uris = [...new Set(shown.flatMap(([uri]) => uri ?? []))];
  const described = await describeItems(em, 'playlist', JSON.stringify(uris));
  return shown.map(([uri], n) => {
    const position = offset + n;
    const known = uri === null ? undefined : described.get(uri);
    return {
      position,
      after: after[position] ?? null,
      uri,
      name: known?.name ?? null,
      artists: known?.artists.map(({ name }) => name) ?? [],
      imageUrl: known?.image_url ?? null,
      itemId: itemAt.get(position) ?? null,
    };
  });
}
