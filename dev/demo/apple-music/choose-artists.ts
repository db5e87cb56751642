import type { Candidate } from '../choose-artists';
import { ratingName, type RatingName, type Ratings } from './ratings';

/** A song of the library with its artists. */
export interface RatedSong {
  uri: string | null;
  artists: { id: string }[];
}

/**
 * For each way in which a song can be rated an artist with such a song, of those the one whom the playlists have most: so
 * that taking back has to tell the three apart.
 */
export function chooseByRatings(
  candidates: readonly Candidate[],
  songs: readonly RatedSong[],
  ratings: Ratings,
  without: ReadonlySet<string> = new Set(),
): Candidate[] {
  const chosen: Candidate[] = [];
  for (const wanted of ['suggest less', 'loved', 'not rated'] satisfies RatingName[]) {
    const rated = songs.filter(({ uri }) => uri !== null && ratingName(ratings.get(uri)) === wanted);
    const artists = new Set(rated.flatMap(({ artists: [first] }) => first?.id ?? []));
    const open = candidates.filter(
      (candidate) => artists.has(candidate.id) && !without.has(candidate.id) && !chosen.includes(candidate),
    );
    const [best] = open.sort(
      (one, other) => other.primary + other.featured - one.primary - one.featured || (one.id < other.id ? -1 : 1),
    );
    if (best) chosen.push(best);
  }
  return chosen;
}
