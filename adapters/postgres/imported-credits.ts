import type { EffectiveBlock } from '../../domain/blocks';
import { blockedNames, type ImportedCredit } from '../../domain/matching';
import type { EntityManager } from './orm';

/**
 * Writers and producers among the blocked artists, by the catalogue id of the track, as imports name them: by their ids, or by name
 * where the import has no more. A recording is a track's by its ISRC or by the id that its provider lists it under, by nothing else.
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
     links as materialized (select distinct l.recording_id, l.kind, l.value from credited c join recording_links l using (recording_id)),
     hits as (
       select l.recording_id, t.id from links l join tracks t on upper(replace(t.isrc, '-', '')) = l.value where l.kind = 'isrc'
       union select l.recording_id, t.id from links l join tracks t on t.uri = l.value where l.kind = 'uri')
     select distinct h.id as "trackId", c.artist_id as "artistId", c.name, c.role, r.source as "importName"
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
     hits as (
       select l.recording_id, a.id from asked a join recording_links l on l.kind = 'isrc' and l.value = a.isrc
       union select l.recording_id, a.id from asked a join recording_links l on l.kind = 'uri' and l.value = a.uri)
     select distinct h.id as "trackId", i.artist_id as "artistId", c.name, c.role, r.source as "importName"
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
