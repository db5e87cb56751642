import { placesAfter } from '../../domain/playlist-preview';
import { placeReturning } from '../../domain/playlist-return';
import { sequenceFromLive } from '../../domain/playlist-sequence';
import type { FiledEntry } from './filed-libraries';
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
  returning: { items: number; positions: number };
}

const counted = (name: 'leaving' | 'returning', which: string) =>
  `(count(*) filter (where i.included and ${which}))::int as ${name}_items,
   coalesce(sum(jsonb_array_length(i.positions)) filter (where i.included and ${which}), 0)::int as ${name}_positions`;

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
      returning_items: number;
      returning_positions: number;
    }[]
  >(
    `with touched as (
       select i.playlist_id as id, min(i.seq) as seq, min(i.playlist_name) as planned_name, count(*)::int as items,
         (count(*) filter (where i.needs_review))::int as needs_review, ${counted('leaving', `i.action_type <> 'restore_playlist_track'`)},
         ${counted('returning', `i.action_type = 'restore_playlist_track'`)}
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
    returning: { items: row.returning_items, positions: row.returning_positions },
  }));
}

/** One place of a playlist as the plan found it, or as a file has it. */
export interface PreviewedPlace {
  /** Of all that are shown, zero-based. */
  row: number;
  /** Null where it is not there now. */
  position: number | null;
  /** Where it is afterwards; null where it leaves, or does not come back. */
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
  request: {
    planId: string;
    generationId: string;
    fileGenerationId: string | null;
    playlistId: string;
    offset: number;
    limit: number;
  },
): Promise<PreviewedPlace[] | null> {
  const { planId, generationId, fileGenerationId, playlistId, offset, limit } = request;
  const found = await loadPartEntries<PlaylistEntry>(em, generationId, 'playlist', playlistId);
  if (!found) return null;
  const planned = await em.execute<PlannedTrack[]>(
    `select id, uri, positions, included, action_type from plan_items where plan_id = ? and playlist_id = ? and positions is not null`,
    [planId, playlistId],
  );
  const moved =
    fileGenerationId === null
      ? leavingPlaces(found.entries, planned)
      : returningPlaces(
          found.entries,
          (await loadPartEntries<FiledEntry>(em, fileGenerationId, 'playlist', playlistId))?.entries ?? [],
          planned.filter((item) => item.action_type !== 'none'),
        );
  const shown = moved.slice(offset, offset + limit);
  const uris = [...new Set(shown.flatMap(({ uri }) => uri ?? []))];
  const described = await describeItems(em, 'playlist', JSON.stringify(uris));
  return shown.map((place, n) => {
    const known = place.uri === null ? undefined : described.get(place.uri);
    return {
      ...place,
      row: offset + n,
      name: known?.name ?? null,
      artists: known?.artists.map(({ name }) => name) ?? [],
      imageUrl: known?.image_url ?? null,
    };
  });
}

interface PlannedTrack {
  id: string;
  uri: string;
  positions: number[];
  included: boolean;
  action_type: string;
}

type MovedPlace = Pick<PreviewedPlace, 'position' | 'after' | 'uri' | 'itemId'>;

function leavingPlaces(entries: readonly PlaylistEntry[], planned: readonly PlannedTrack[]): MovedPlace[] {
  const itemAt = new Map(planned.flatMap(({ id, positions }) => positions.map((place) => [place, id] as const)));
  const leaving = new Set(planned.flatMap(({ positions, included }) => (included ? positions : [])));
  const after = placesAfter(entries.length, leaving);
  return entries.map(([uri], position) => ({
    position,
    after: after[position] ?? null,
    uri,
    itemId: itemAt.get(position) ?? null,
  }));
}

function returningPlaces(
  entries: readonly PlaylistEntry[],
  filed: readonly FiledEntry[],
  planned: readonly PlannedTrack[],
): MovedPlace[] {
  const itemOf = ([uri, addedAt, addedBy]: PlaylistEntry | FiledEntry) => ({ uri, addedAt, addedBy });
  const holders = new Map(planned.map(({ id, uri }) => [uri, id]));
  const included = new Set(planned.flatMap(({ id, included: yes }) => (yes ? id : [])));
  let [position, after] = [0, 0];
  return placeReturning(sequenceFromLive(entries.map(itemOf)), filed.map(itemOf), holders).map(({ uri, ghostOf }) => ({
    position: ghostOf === null ? position++ : null,
    after: ghostOf === null || included.has(ghostOf) ? after++ : null,
    uri,
    itemId: ghostOf,
  }));
}
