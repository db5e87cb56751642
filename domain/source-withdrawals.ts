import type { RemovedCatalog, RemovedItem } from './artist-restore';

/** What blocks artists for those who go by it: a list, or an offense of a category. */
export type FollowedSource =
  { kind: 'list'; listId: string } | { kind: 'category'; category: string; offenseId: string };

/** How the journal names what an action rested on: an artist on a list, in whatever version, or an offense, in whatever category. */
export function sourceKeys(source: FollowedSource, artistIds: readonly string[]): string[] {
  if (source.kind === 'category') return [`offense:${source.offenseId}`];
  return [...new Set(artistIds)].map((artistId) => `list:${source.listId}:${artistId}`);
}

/**
 * What a person hears of a source that was withdrawn: that what it took out can come back, nothing where nothing of it would, or
 * something once the run has ended that still acts on it.
 */
export type WithdrawalNews = 'offer' | 'nothing' | 'later';

export function withdrawalNews({ underWay, offered }: { underWay: boolean; offered: number }): WithdrawalNews {
  if (underWay) return 'later';
  return offered > 0 ? 'offer' : 'nothing';
}

/** Everything that decisions can be about which say whether removed items stay out. */
export function subjectsOfRemoved(
  items: readonly Pick<RemovedItem, 'artistIds'>[],
  { tracks, albums, artists }: RemovedCatalog,
): { artistIds: string[]; trackIds: string[]; albumIds: string[] } {
  const artistIds = new Set(items.flatMap((item) => item.artistIds));
  const albumIds = new Set<string>();
  for (const track of tracks.values()) {
    for (const id of [...track.artists.map((artist) => artist.id), ...track.albumArtistIds]) artistIds.add(id);
    if (track.albumId) albumIds.add(track.albumId);
  }
  for (const album of albums.values()) {
    for (const { id } of album.artists) artistIds.add(id);
    albumIds.add(album.id);
  }
  for (const { id } of artists.values()) artistIds.add(id);
  const trackIds = [...tracks.values()].map(({ id }) => id);
  return { artistIds: [...artistIds], trackIds, albumIds: [...albumIds] };
}
