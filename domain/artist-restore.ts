import { blocksByArtist } from './blocks';
import type { EffectiveDecisions } from './effective-blocks';
import type { CreditedArtist, LibraryAlbum, LibraryTrack } from './library';
import { type Match, matchAlbum, matchArtist, type Switches } from './matching';
import { type TrackMatcher, trackMatcher } from './track-matcher';

/** Something that a run took out. */
export interface RemovedItem {
  uri: string;
  /** Catalogue ids of all artists for whom it was taken out. */
  artistIds: readonly string[];
  /** How far the plan went that it was taken out by. */
  switches: Switches;
}

/** Why something stays out: somebody else is blocked, or the track itself. */
export interface StillBlocked {
  reason: 'artist_blocked' | 'track_blocked';
  blockedBy: { artistId: string; artistName: string }[];
}

/** What the catalog knows of removed items, by URI. */
export interface RemovedCatalog {
  tracks: ReadonlyMap<string, LibraryTrack>;
  albums: ReadonlyMap<string, LibraryAlbum>;
  artists: ReadonlyMap<string, CreditedArtist>;
}

/**
 * What is decided apart from one artist's block. `unblocked`: the person's own block of the artist is taken back and nothing
 * else said, so lists and categories that name the artist go on counting; otherwise nothing about the artist does, since what is
 * brought back is brought back in spite of it.
 */
export function decisionsApartFrom(
  artistId: string,
  decisions: EffectiveDecisions,
  { unblocked }: { unblocked: boolean },
): EffectiveDecisions {
  const artists = decisions.artists.flatMap((block) => {
    if (block.artistId !== artistId) return block;
    const sources = unblocked ? block.sources.filter(({ kind }) => kind !== 'own') : [];
    return sources.length > 0 ? { ...block, sources } : [];
  });
  return { ...decisions, artists };
}

/**
 * Says of a removed item what still wants it out by those decisions, judged as the plan that took it out would; null where
 * nothing does. What is only for review does not count. Where the catalog can't tell, the artists for whom it was taken out do.
 */
export function stillBlockedBy(
  catalog: RemovedCatalog,
  decisions: EffectiveDecisions,
): (item: RemovedItem) => StillBlocked | null {
  const index = blocksByArtist(decisions.artists);
  const matcherOf = matchers(decisions);
  const blockedAmong = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const block = index.get(id);
      return block && !block.contested ? [{ artistId: id, artistName: block.artistName }] : [];
    });
  return ({ uri, artistIds, switches }) => {
    const track = catalog.tracks.get(uri);
    if (track) return reasonOf(matcherOf(switches)(track));
    const album = catalog.albums.get(uri);
    if (album && decisions.exceptions.albumIds.has(album.id)) return null;
    const byAlbum = album ? reasonOf(matchAlbum(album, index, switches)) : null;
    if (byAlbum || (album && !switches.wholeAlbums)) return byAlbum;
    const artist = catalog.artists.get(uri);
    if (artist) return reasonOf(matchArtist(artist, index));
    const blockedBy = blockedAmong(artistIds);
    return blockedBy.length > 0 ? { reason: 'artist_blocked', blockedBy } : null;
  };
}

/** One matcher for each way of going far. */
function matchers(decisions: EffectiveDecisions): (switches: Switches) => TrackMatcher {
  const made = new Map<string, TrackMatcher>();
  return (switches) => {
    const key = JSON.stringify(switches);
    const known =
      made.get(key) ??
      trackMatcher({
        blocks: decisions.artists,
        blockedTrackIds: new Set(decisions.tracks.map(({ trackId }) => trackId)),
        exceptions: decisions.exceptions,
        creditsByTrack: new Map(),
        switches,
      });
    made.set(key, known);
    return known;
  };
}

function reasonOf(matches: readonly Match[]): StillBlocked | null {
  const firm = matches.filter((match) => !match.needsReview);
  if (firm.length === 0) return null;
  if (firm.some(({ evidence }) => evidence.kind === 'blocked_track')) return { reason: 'track_blocked', blockedBy: [] };
  return {
    reason: 'artist_blocked',
    blockedBy: firm.map(({ artistId, artistName }) => ({ artistId, artistName })),
  };
}
