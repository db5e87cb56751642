import type { EffectiveBlock } from '../../domain/blocks';
import { blockedNames, type ImportedCredit } from '../../domain/matching';
import { recordingsOfTracks, tracksOfRecordings } from './linked-recordings';
import type { EntityManager } from './orm';

/**
 * Writers and producers among the blocked artists, by the catalogue id of the track, as imports name them: by their ids, or by name
 * where the import has no more. Which tracks a recording is, `tracksOfRecordings` says.
 */
export async function creditsOfBlocked(
  em: EntityManager,
  blocks: readonly EffectiveBlock[],
): Promise<Map<string, ImportedCredit[]>> {
  if (blocks.length === 0) return new Map();
  const ids = JSON.stringify(blocks.map(({ artistId }) => artistId));
  const keys = JSON.stringify([...blockedNames(blocks).byKey.keys()]);
  const rows = await em.execute<CreditRow[]>(
    `with credited as materialized (
       select c.recording_id, i.artist_id, c.name, c.role from artist_provider_ids i
         join recording_credits c on c.provider = i.provider and c.provider_id = i.provider_id
        where c.role in ('writer', 'producer') and i.artist_id in (select (jsonb_array_elements_text(?::jsonb))::uuid)
       union all
       select c.recording_id, null, c.name, c.role from recording_credits c
        where c.role in ('writer', 'producer') and c.provider_id is null and c.name_key in (select jsonb_array_elements_text(?::jsonb))),
     asked as materialized (select distinct recording_id from credited),
     hits as (${tracksOfRecordings('asked')})
     select distinct h.track_id as "trackId", c.artist_id as "artistId", c.name, c.role, r.source as "importName"
     from hits h join credited c using (recording_id) join recordings r on r.id = h.recording_id
     order by "trackId", "artistId", c.role, r.source, c.name`,
    [ids, keys],
  );
  return byTrack(rows);
}

/** The same of all writers and producers on some tracks, by their catalogue ids, whoever they are. */
export async function creditsOnTracks(
  em: EntityManager,
  trackIds: readonly string[],
): Promise<Map<string, ImportedCredit[]>> {
  if (trackIds.length === 0) return new Map();
  const rows = await em.execute<CreditRow[]>(
    `with asked as materialized (
       select t.id, t.uri, upper(replace(t.isrc, '-', '')) as isrc from tracks t
        where t.id = any(array(select (jsonb_array_elements_text(?::jsonb))::uuid))),
     hits as (${recordingsOfTracks('asked')})
     select distinct h.track_id as "trackId", i.artist_id as "artistId", c.name, c.role, r.source as "importName"
     from hits h join recording_credits c using (recording_id) join recordings r on r.id = h.recording_id
       left join artist_provider_ids i on i.provider = c.provider and i.provider_id = c.provider_id
     where c.role in ('writer', 'producer') and (c.provider_id is null or i.artist_id is not null)
     order by "trackId", "artistId", c.role, r.source, c.name`,
    [JSON.stringify(trackIds)],
  );
  return byTrack(rows);
}

type CreditRow = ImportedCredit & { trackId: string };

function byTrack(rows: readonly CreditRow[]): Map<string, ImportedCredit[]> {
  const credits = new Map<string, ImportedCredit[]>();
  for (const { trackId, ...credit } of rows) credits.set(trackId, [...(credits.get(trackId) ?? []), credit]);
  return credits;
}
