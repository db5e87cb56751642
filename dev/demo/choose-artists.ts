import type { LibraryItem } from './contract';

/** Something that a run could touch, with the kind of place it is in. */
export interface Occurrence {
  kind: 'like' | 'album' | 'follow' | 'playlist';
  artists: LibraryItem['artists'];
}

export interface Candidate {
  id: string;
  name: string;
  /** Occurrences in which the artist comes first. */
  primary: number;
  /** Occurrences in which the artist is credited after somebody else. */
  featured: number;
  kinds: Set<Occurrence['kind']>;
}

/** How much of a library each of its artists is in. */
export function tallyArtists(occurrences: readonly Occurrence[]): Candidate[] {
  const tally = new Map<string, Candidate>();
  for (const { kind, artists } of occurrences) {
    new Map(artists.map((artist, place) => [artist.id, { ...artist, place }])).forEach(({ id, name, place }) => {
      const candidate = tally.get(id) ?? { id, name, primary: 0, featured: 0, kinds: new Set() };
      candidate[artists[0]?.id === id || place === 0 ? 'primary' : 'featured'] += 1;
      candidate.kinds.add(kind);
      tally.set(id, candidate);
    });
  }
  return [...tally.values()];
}

/**
 * Three artists whose removal shows the most: one who is only ever featured, where there is one, and those who between
 * them are in every kind of place and in the most of them.
 */
export function chooseArtists(candidates: readonly Candidate[], without: ReadonlySet<string> = new Set()): Candidate[] {
  const open = candidates.filter(({ id }) => !without.has(id)).sort(byWeight);
  const chosen = open.filter(({ primary }) => primary === 0).slice(0, 1);
  while (chosen.length < 3) {
    const covered = new Set(chosen.flatMap(({ kinds }) => [...kinds]));
    const fresh = ({ kinds }: Candidate) => [...kinds].filter((kind) => !covered.has(kind)).length;
    const rest = open.filter((candidate) => !chosen.includes(candidate) && candidate.primary > 0);
    const next = rest.sort((one, other) => fresh(other) - fresh(one) || byWeight(one, other))[0];
    if (!next) break;
    chosen.push(next);
  }
  return chosen;
}

function byWeight(one: Candidate, other: Candidate): number {
  return other.primary + other.featured - one.primary - one.featured || (one.id < other.id ? -1 : 1);
}
