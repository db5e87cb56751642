import { blocksByArtist } from './blocks';
import type { FollowedPlaylist, LibraryTrack } from './library';
import { type BlocksByArtist, blockedNames, type Match, matchOf } from './matching';
import type { NameIndex } from './name-index';
import { findNames } from './names-in-titles';
import type { TrackDecisions, TrackMatcher } from './track-matcher';

/** All that speaks against a followed playlist, one match an artist. */
export type FollowedPlaylistMatcher = (playlist: Pick<FollowedPlaylist, 'uri' | 'name' | 'items'>) => Match[];

/**
 * Matches followed playlists by the names in their titles and, where it can be read, by what is on them. All of it is for review: a
 * title says nothing about who bears the name, and somebody else chose the tracks.
 * @param knownNames keys of names that somebody not blocked may bear
 * @param tracksByUri tracks that can match; none where contents don't count
 */
export function followedPlaylistMatcher(
  { blocks }: Pick<TrackDecisions, 'blocks'>,
  knownNames: ReadonlySet<string>,
  tracksByUri: ReadonlyMap<string, LibraryTrack>,
  matchesOf: TrackMatcher,
): FollowedPlaylistMatcher {
  const index = blocksByArtist(blocks);
  const names = blockedNames(blocks);
  return (playlist) => {
    const credited = creditedOn(playlist, tracksByUri, matchesOf);
    const titled = matchPlaylistTitle(playlist.name, index, names, knownNames);
    const of = playlist.items?.length ?? 0;
    const byTracks = [...credited].map(([artistId, { match, tracks }]): Match => {
      const share = { tracks, of };
      const title = titled.find((one) => one.artistId === artistId)?.evidence;
      const evidence = title ?? { kind: 'playlist_tracks', detail: playlist.uri };
      return { ...match, evidence: { ...evidence, share }, needsReview: true };
    });
    return [...byTracks, ...titled.filter(({ artistId }) => !credited.has(artistId))];
  };
}

/** Matches of a playlist by the names of blocked artists in its title, for review. */
export function matchPlaylistTitle(
  title: string,
  blocks: BlocksByArtist,
  names: NameIndex,
  knownNames: ReadonlySet<string>,
): Match[] {
  return findNames(title, names, knownNames).flatMap(({ artistId, text, start, end }) => {
    const block = blocks.get(artistId);
    return block ? [matchOf(block, 'mention', { kind: 'title', detail: title, found: { text, start, end } })] : [];
  });
}

/** On how many of its places each blocked artist is credited by id. */
function creditedOn(
  { items }: Pick<FollowedPlaylist, 'items'>,
  tracksByUri: ReadonlyMap<string, LibraryTrack>,
  matchesOf: TrackMatcher,
): Map<string, { match: Match; tracks: number }> {
  const credited = new Map<string, { match: Match; tracks: number }>();
  for (const { uri } of items ?? []) {
    const track = tracksByUri.get(uri ?? '');
    for (const match of track ? matchesOf(track) : []) {
      if (match.evidence.kind !== 'provider_id') continue;
      const known = credited.get(match.artistId);
      const firmer = known && known.match.role === 'primary' ? known.match : match;
      credited.set(match.artistId, { match: firmer, tracks: (known?.tracks ?? 0) + 1 });
    }
  }
  return credited;
}
