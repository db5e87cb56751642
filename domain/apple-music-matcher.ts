import type { AppleMusicItem } from './apple-music-library';
import { parseArtistCredit } from './artist-credit';
import { blocksByArtist } from './blocks';
import type { LibraryAlbum, LibraryTrack } from './library';
import { blockedNames, type Match, matchAlbum, matchCreditedNames } from './matching';
import { nameKey } from './name-keys';
import { oneAnArtist, type TrackDecisions, trackMatcher } from './track-matcher';

/** What is decided, and what the catalog knows of the library's items, by URI. */
export interface AppleMusicDecisions extends TrackDecisions {
  tracksByUri: ReadonlyMap<string, LibraryTrack>;
  albumsByUri: ReadonlyMap<string, LibraryAlbum>;
  /** Blocked artists whose id at Apple Music is known, by catalogue id. */
  identifiedArtistIds: ReadonlySet<string>;
  /** Names that must not be split in credits: those of the library's artists. */
  artistNames: readonly string[];
}

export interface AppleMusicMatcher {
  /** All that speaks against a song: by ids first, then by what its credit and its title say, which is for review. */
  song(item: AppleMusicItem): Match[];
  /** The same of an album by its own artists. */
  album(item: AppleMusicItem): Match[];
}

/**
 * Apple names a song's main artists by id, and everybody in a text. A name in that text which one of the identified artists
 * bears means that artist; so it makes no match for a blocked namesake whose id at Apple is another, but it is worth the
 * person's look where no such id is known.
 */
export function appleMusicMatcher(input: AppleMusicDecisions): AppleMusicMatcher {
  const { blocks, exceptions, switches, tracksByUri, albumsByUri, identifiedArtistIds } = input;
  const byIds = trackMatcher(input);
  const index = blocksByArtist(blocks);
  const names = blockedNames(blocks);
  const whole = new Set(input.artistNames.map(nameKey));
  const isKnown = (key: string) => names.byKey.has(key) || whole.has(key);

  const byWords = ({ artistName }: AppleMusicItem, artists: readonly { name: string }[]): Match[] => {
    const identified = new Set(artists.map(({ name }) => nameKey(name)));
    return matchCreditedNames(artistName, parseArtistCredit(artistName, isKnown), index, names, switches).filter(
      ({ artistId, evidence }) =>
        !identifiedArtistIds.has(artistId) || !identified.has(nameKey(evidence.found?.text ?? '')),
    );
  };

  return {
    song(item) {
      const known = tracksByUri.get(item.uri);
      if (known && exceptions.trackIds.has(known.id)) return [];
      if (known?.albumId != null && exceptions.albumIds.has(known.albumId)) return [];
      const track = known ?? withoutIds(item);
      return oneAnArtist([...byIds(track), ...byWords(item, track.artists)]);
    },
    album(item) {
      const known = albumsByUri.get(item.uri);
      if (known && exceptions.albumIds.has(known.id)) return [];
      const artists = known?.artists ?? [];
      const byArtist = matchAlbum({ artists }, index, switches);
      const worded = switches.primary ? byWords(item, artists) : [];
      return oneAnArtist([...byArtist, ...worded]);
    },
  };
}

/** A song that the catalog does not have: an upload, or one that was withdrawn. */
function withoutIds({ uri, name, albumName }: AppleMusicItem): LibraryTrack {
  const nothing = { albumId: null, imageUrl: null, url: null, durationMs: null };
  return { id: '', uri, name, albumName, artists: [], albumArtistIds: [], ...nothing };
}
