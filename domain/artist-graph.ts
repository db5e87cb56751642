/** What an artist does on a track: the first credit leads it, all others are guests on it. */
export type CreditRole = 'primary' | 'featured';

/** An artist as a node of the graph. */
export interface GraphArtist {
  id: string;
  name: string;
  disambiguation: string | null;
}

export interface GraphAlbum {
  id: string;
  name: string;
  year: number | null;
}

export interface GraphTrack {
  id: string;
  name: string;
  year: number | null;
  albumId: string | null;
  credits: { artistId: string; role: CreditRole }[];
}

/** Two artists; `from` is the one whose id sorts first, so that there is one pair for any two. */
export interface ArtistPair {
  from: string;
  to: string;
}

/** What two artists made together. Counts are of recordings: a recording that several releases list is one. */
export interface Collaboration extends ArtistPair {
  tracks: number;
  /** Years of the first and the last release; null where no release says its year. */
  first: number | null;
  last: number | null;
  /** Recordings led by `from`, by `to`, and by somebody else, with both as guests. */
  fromLeads: number;
  toLeads: number;
  guests: number;
  /** Tracks of theirs by id, newest first, at most `mostSamples`. */
  samples: string[];
}

export const mostSamples = 10;

/** Every pair among these artists, each once. */
export function pairsAmong(artistIds: Iterable<string>): ArtistPair[] {
  const sorted = [...new Set(artistIds)].sort();
  return sorted.flatMap((from, n) => sorted.slice(n + 1).map((to) => ({ from, to })));
}

/** What artists have in common by what they were credited on, whichever of the credits hold now: pairs to be looked at anew. */
export function pairsTouched(creditsOfTracks: Iterable<Iterable<string>>): ArtistPair[] {
  const pairs = new Map<string, ArtistPair>();
  for (const artistIds of creditsOfTracks)
    for (const pair of pairsAmong(artistIds)) pairs.set(`${pair.from} ${pair.to}`, pair);
  return [...pairs.values()];
}

/** Mean number of collaborators, and the share of all possible collaborations that exist; null where there is no such number. */
export function graphShape({ artists, collaborations }: { artists: number; collaborations: number }): {
  meanDegree: number | null;
  density: number | null;
} {
  return {
    meanDegree: artists === 0 ? null : (2 * collaborations) / artists,
    density: artists < 2 ? null : (2 * collaborations) / (artists * (artists - 1)),
  };
}
