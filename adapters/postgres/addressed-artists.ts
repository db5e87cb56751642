import type { EntityManager } from './orm';

/** The artist that a provider calls so; null where the catalog doesn't know it. */
export async function artistByProviderId(
  em: EntityManager,
  provider: string,
  providerId: string,
): Promise<string | null> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select artist_id from artist_provider_ids where provider = ? and provider_id = ?`,
    [provider, providerId],
  );
  return rows[0]?.artist_id ?? null;
}

/** Ids of the artists credited on a track or an album, in credit order; empty where the catalog doesn't know it. */
export async function creditedArtists(em: EntityManager, kind: 'track' | 'album', uri: string): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select c.artist_id from ${kind}s t join ${kind}_artists c on c.${kind}_id = t.id where t.uri = ? order by c.position`,
    [uri],
  );
  return rows.map((row) => row.artist_id);
}

/** Artists whom imports from MusicBrainz credit on a recording of theirs, in credit order, as far as the catalog has them. */
export async function recordingArtists(em: EntityManager, musicBrainzId: string): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select i.artist_id from recordings r join recording_credits c on c.recording_id = r.id and c.role = 'performer'
       join artist_provider_ids i on i.provider = c.provider and i.provider_id = c.provider_id
     where r.source = 'musicbrainz' and r.source_id = ? order by c.seq`,
    [musicBrainzId],
  );
  return rows.map((row) => row.artist_id);
}
