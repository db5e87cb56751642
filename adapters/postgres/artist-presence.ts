import { loadContents, type PlaylistEntry } from './library-content';
import type { EntityManager } from './orm';

/** How much of an artist is in a person's library: distinct tracks among likes and playlists, and playlists with any of them. */
export interface Presence {
  tracks: number;
  playlists: number;
}

const absent: Presence = { tracks: 0, playlists: 0 };

/** Counts for each artist over the published libraries of all of a person's connections. */
export async function artistPresence(
  em: EntityManager,
  userId: string,
  artistIds: readonly string[],
): Promise<(artistId: string) => Presence> {
  if (artistIds.length === 0) return () => absent;
  const parts = await em.execute<{ kind: string; content_id: string }[]>(
    `select p.kind, p.content_id from connections c join library_parts p on p.generation_id = c.generation_id
     where c.user_id = ? and c.disconnecting_since is null and p.content_id is not null and p.kind in ('likes', 'playlist')`,
    [userId],
  );
  if (parts.length === 0) return () => absent;
  const credits = await em.execute<{ artist_id: string; uri: string }[]>(
    `select ta.artist_id, t.uri from track_artists ta join tracks t on t.id = ta.track_id
     where ta.artist_id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [JSON.stringify(artistIds)],
  );
  const artistsByUri = new Map<string, string[]>();
  for (const { artist_id: id, uri } of credits) artistsByUri.set(uri, [...(artistsByUri.get(uri) ?? []), id]);
  const contents = await loadContents(em, [...new Set(parts.map((part) => part.content_id))]);
  return count(parts, contents, artistsByUri);
}

function count(
  parts: readonly { kind: string; content_id: string }[],
  contents: Map<string, unknown[]>,
  artistsByUri: Map<string, string[]>,
): (artistId: string) => Presence {
  const tracks = new Map<string, Set<string>>();
  const playlists = new Map<string, number>();
  for (const { kind, content_id: contentId } of parts) {
    const here = new Set<string>();
    for (const [uri] of (contents.get(contentId) ?? []) as PlaylistEntry[]) {
      if (uri === null) continue;
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
