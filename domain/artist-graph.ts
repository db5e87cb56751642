import { Components } from './components';

/** What an artist does on a track: whoever is named first leads it, other performers are guests on it. */
export type CreditRole = 'primary' | 'featured' | 'producer' | 'writer';

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

/** A recording as a provider lists it, or, where none does, as an import describes it. */
export interface GraphTrack {
  id: string;
  name: string;
  year: number | null;
  albumId: string | null;
  credits: { artistId: string; role: CreditRole }[];
  /** Two tracks with a key in common are the same recording: ISRCs, URIs, ids of imported recordings. */
  keys: string[];
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
  /** Recordings on which both perform: led by `from`, by `to`, and by somebody else, with both as guests. */
  fromLeads: number;
  toLeads: number;
  guests: number;
  /** On which they don't both perform: one of them produced it, or else wrote it. */
  produced: number;
  written: number;
  /** Tracks of theirs by id, newest first, at most `mostSamples`. */
  samples: string[];
}

export const mostSamples = 10;

/** One text for a pair. */
export const pairKey = ({ from, to }: ArtistPair): string => `${from} ${to}`;

/** Every pair among these artists, each once. */
export function pairsAmong(artistIds: Iterable<string>): ArtistPair[] {
  const sorted = [...new Set(artistIds)].sort();
  return sorted.flatMap((from, n) => sorted.slice(n + 1).map((to) => ({ from, to })));
}

/** What artists have in common by what they were credited on, whichever of the credits hold now: pairs to be looked at anew. */
export function pairsTouched(creditsOfTracks: Iterable<Iterable<string>>): ArtistPair[] {
  const pairs = new Map<string, ArtistPair>();
  for (const artistIds of creditsOfTracks) for (const pair of pairsAmong(artistIds)) pairs.set(pairKey(pair), pair);
  return [...pairs.values()];
}

/** How two artists share a recording, what says most first. */
const shares = ['fromLeads', 'toLeads', 'guests', 'produced', 'written'] as const;
type Share = (typeof shares)[number];

interface SharedTrack {
  id: string;
  year: number | null;
  share: Share;
  keys: readonly string[];
}

/** What artists made together on these tracks, of the pairs that are wanted. The tracks are all that such a pair shares. */
export function collaborationsOn(
  tracks: readonly GraphTrack[],
  wanted: (pair: ArtistPair) => boolean,
): Collaboration[] {
  const shared = new Map<string, ArtistPair & { tracks: SharedTrack[] }>();
  for (const { id, year, keys, credits } of tracks) {
    const roles = new Map<string, CreditRole[]>();
    for (const { artistId, role } of credits) roles.set(artistId, [...(roles.get(artistId) ?? []), role]);
    for (const pair of pairsAmong(roles.keys())) {
      if (!wanted(pair)) continue;
      const key = pairKey(pair);
      const known = shared.get(key) ?? { ...pair, tracks: [] };
      known.tracks.push({ id, year, keys, share: shareOf(roles.get(pair.from) ?? [], roles.get(pair.to) ?? []) });
      shared.set(key, known);
    }
  }
  return [...shared.values()].map(({ from, to, tracks: theirs }) => ({ from, to, ...workOn(theirs) }));
}

function shareOf(from: readonly CreditRole[], to: readonly CreditRole[]): Share {
  const performs = (roles: readonly CreditRole[]) => roles.includes('primary') || roles.includes('featured');
  if (performs(from) && performs(to))
    return from.includes('primary') ? 'fromLeads' : to.includes('primary') ? 'toLeads' : 'guests';
  return from.includes('producer') || to.includes('producer') ? 'produced' : 'written';
}

/** Of each recording what says most of the two, and among what says as much the earliest release. */
function workOn(tracks: readonly SharedTrack[]): Omit<Collaboration, 'from' | 'to'> {
  const recordings = recordingsAmong(tracks).map((releases) => {
    const [first] = releases.sort(
      (a, b) =>
        shares.indexOf(a.share) - shares.indexOf(b.share) || early(a.year) - early(b.year) || (a.id < b.id ? -1 : 1),
    );
    return { id: first?.id ?? '', share: first?.share, year: least(releases.map(({ year }) => year)) };
  });
  const count = (share: Share) => recordings.filter((one) => one.share === share).length;
  const years = recordings.flatMap(({ year }) => year ?? []);
  return {
    tracks: recordings.length,
    first: least(years),
    last: years.length === 0 ? null : Math.max(...years),
    fromLeads: count('fromLeads'),
    toLeads: count('toLeads'),
    guests: count('guests'),
    produced: count('produced'),
    written: count('written'),
    samples: recordings
      .sort((a, b) => (b.year ?? -Infinity) - (a.year ?? -Infinity) || (a.id < b.id ? -1 : 1))
      .slice(0, mostSamples)
      .map(({ id }) => id),
  };
}

const early = (year: number | null): number => year ?? 9_999;

function least(years: readonly (number | null)[]): number | null {
  const known = years.filter((year) => year !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function recordingsAmong(tracks: readonly SharedTrack[]): SharedTrack[][] {
  if (tracks.length === 1) return [[...tracks]];
  const same = new Components();
  for (const { id, keys } of tracks) for (const key of keys) same.join(id, key);
  const recordings = new Map<number, SharedTrack[]>();
  for (const track of tracks) {
    const part = same.partOf(track.id);
    recordings.set(part, [...(recordings.get(part) ?? []), track]);
  }
  return [...recordings.values()];
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
