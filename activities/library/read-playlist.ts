import type { PlaylistEntry } from '../../adapters/postgres/library-content';
import type { SpotifyTrack } from '../../adapters/providers/spotify/types';
import type { SpotifySession } from '../spotify-session';

const pageSize = 50;
const pagesAtOnce = 4;
const mostLooks = 3;

export interface PlaylistLook {
  /** Every place in the playlist's order: null items, local files and episodes keep theirs. */
  entries: PlaylistEntry[];
  tracks: SpotifyTrack[];
  snapshotId: string;
}

/**
 * Reads all pages of a playlist until they belong to one snapshot: the snapshot after the last page must be the one before
 * the first. `snapshotId` is the one known before, null to ask. After three looks at a playlist that keeps changing the last stands.
 */
export async function readPlaylist(
  session: SpotifySession,
  playlistId: string,
  snapshotId: string | null,
): Promise<PlaylistLook> {
  let before =
    snapshotId ?? (await session.call((spotify, auth) => spotify.playlistState(auth, playlistId))).snapshotId;
  for (let look = 1; ; look += 1) {
    const pages = await readPages(session, playlistId);
    const after = await session.call((spotify, auth) => spotify.playlistState(auth, playlistId));
    const entries = pages.flatMap((page) => page.entries);
    if ((after.snapshotId === before && entries.length === after.length) || look === mostLooks) {
      return { entries, tracks: pages.flatMap((page) => page.tracks), snapshotId: after.snapshotId };
    }
    before = after.snapshotId;
  }
}

async function readPages(
  session: SpotifySession,
  playlistId: string,
): Promise<{ entries: PlaylistEntry[]; tracks: SpotifyTrack[] }[]> {
  const read = async (offset: number) => {
    const page = await session.call((spotify, auth) =>
      spotify.playlistItems(auth, playlistId, { offset, limit: pageSize }),
    );
    return {
      total: page.total,
      entries: page.items.map((item): PlaylistEntry => [item.uri, item.addedAt, item.addedBy]),
      tracks: page.items.flatMap((item) => item.track ?? []),
    };
  };
  const pages = [await read(0)];
  const total = pages[0]!.total;
  for (let offset = pageSize; offset < total; offset += pageSize * pagesAtOnce) {
    const offsets = Array.from({ length: pagesAtOnce }, (_, n) => offset + n * pageSize).filter(
      (value) => value < total,
    );
    pages.push(...(await Promise.all(offsets.map(read))));
  }
  return pages;
}
