import { blocksByArtist, type EffectiveBlock, type MatchExceptions } from './blocks';
import type { LibraryTrack } from './library';
import {
  blockedNames,
  type ImportedCredit,
  type Match,
  matchBlockedTrack,
  matchCredits,
  matchTitle,
  matchTrack,
  type Switches,
} from './matching';

/** What is decided, and how far it goes. */
export interface TrackDecisions {
  blocks: readonly EffectiveBlock[];
  /** Catalogue ids of tracks that the person blocked as such. */
  blockedTrackIds: ReadonlySet<string>;
  exceptions: MatchExceptions;
  /** Writers and producers by the catalogue id of the track, as far as imports gave any. */
  creditsByTrack: ReadonlyMap<string, readonly ImportedCredit[]>;
  switches: Switches;
}

/** All that speaks against a track; empty where it stays. */
export type TrackMatcher = (track: LibraryTrack) => Match[];

/** Each track is matched once, however often it is asked about. */
export function trackMatcher(input: TrackDecisions): TrackMatcher {
  const { blocks, blockedTrackIds, creditsByTrack, exceptions, switches } = input;
  const index = blocksByArtist(blocks);
  const names = blockedNames(blocks);
  const known = new Map<LibraryTrack, Match[]>();
  const match = (track: LibraryTrack): Match[] => {
    if (exceptions.trackIds.has(track.id)) return [];
    if (track.albumId !== null && exceptions.albumIds.has(track.albumId)) return [];
    const byArtist = oneAnArtist([
      ...matchTrack(track, index, switches),
      ...matchCredits(creditsByTrack.get(track.id) ?? [], index, names, switches),
      ...matchTitle(track, index, names, switches),
    ]);
    return blockedTrackIds.has(track.id) ? [matchBlockedTrack(track), ...byArtist] : byArtist;
  };
  return (track) => {
    const matches = known.get(track) ?? match(track);
    known.set(track, matches);
    return matches;
  };
}

/** The first match of each artist, which is the firmest: by id before by import before by title. */
export function oneAnArtist(matches: readonly Match[]): Match[] {
  const first = new Map<string, Match>();
  for (const match of matches) if (!first.has(match.artistId)) first.set(match.artistId, match);
  return [...first.values()];
}
