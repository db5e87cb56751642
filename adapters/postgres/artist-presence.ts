import type { EntityManager } from './orm';
import { SoughtTracks } from './track-keys';

/** How much of an artist is in a person's library: distinct tracks among likes and playlists, and playlists with any of them. */
export interface Presence {
  tracks: number;
  playlists: number;
}

const absent: Presence = { tracks: 0, playlists: 0 };

/** Counts for each artist over the published libraries of all of a person's connections, without opening their contents. */
export async function artistPresence(
  em: EntityManager,
  userId: string,
  artistIds: readonly string[],
): Promise<(artistId: string) => Presence> {
  if (artistIds.length === 0) return () => absent;
  const credits = await em.execute<{ artist_id: string; uri: string }[]>(
    `select ta.artist_id, t.uri from track_artists ta join tracks t on t.id = ta.track_id
     where ta.artist_id = any(array(select (jsonb_array_elements_text(?::jsonb))::uuid))
       and exists (select from connections where user_id = ? and disconnecting_since is null and generation_id is not null)`,
    [JSON.stringify(artistIds), userId],
  );
  if (credits.length === 0) return () => absent;
  const parts = await em.execute<{ kind: string; track_keys: Buffer }[]>(
    `select p.kind, k.track_keys from connections c join library_parts p on p.generation_id = c.generation_id
       join library_contents k on k.id = p.content_id
     where c.user_id = ? and c.disconnecting_since is null and p.kind in ('likes', 'playlist')`,
    [userId],
  );
  return count(parts, credits);
}

function count(
  parts: readonly { kind: string; track_keys: Buffer }[],
  credits: readonly { artist_id: string; uri: string }[],
): (artistId: string) => Presence {
  const artistsByUri = new Map<string, string[]>();
  for (const { artist_id: id, uri } of credits) artistsByUri.set(uri, [...(artistsByUri.get(uri) ?? []), id]);
  const sought = new SoughtTracks(artistsByUri.keys());
  const tracks = new Map<string, Set<string>>();
  const playlists = new Map<string, number>();
  for (const { kind, track_keys: keys } of parts) {
    const here = new Set<string>();
    for (const uri of sought.among(keys)) {
      for (const artist of artistsByUri.get(uri) ?? []) {
        here.add(artist);
        const seen = tracks.get(artist) ?? new Set<string>();
        tracks.set(artist, seen.add(uri));
      }
    }
    if (kind !== 'playlist') continue;
    for (const artist of here) playlists.set(artist, (playlists.get(artist) ?? 0) + 1);
  }
  return (artistId) => ({ tracks: tracks.get(artistId)?.size ?? 0, playlists: playlists.get(artistId) ?? 0 });
}
