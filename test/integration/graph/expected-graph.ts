import type { Catalog } from '../../../dev/sandbox/catalog/catalog';
import { linkWorth } from '../../../domain/graph-proximity';

/** A recording of two artists: who leads its releases, and the year of the first. */
interface Shared {
  leaders: Set<string>;
  year: number | null;
}

export interface ExpectedCollaboration {
  tracks: number;
  firstYear: number | null;
  lastYear: number | null;
  /** Seen from the first of the two; null where the releases of one recording have different leaders. */
  roles: { ledByArtist: number; ledByCollaborator: number; bothGuests: number } | null;
}

/** What a graph of a sandbox's whole catalog should be, worked out from its file alone. Artists are named by the provider's ids. */
export class ExpectedGraph {
  readonly #shared = new Map<string, Map<string, Map<string, Shared>>>();

  constructor(readonly catalog: Catalog) {
    for (const { artists, isrc, albumId } of catalog.tracks.values()) {
      const year = Number(/^\d{4}/.exec(catalog.albums.get(albumId)?.releaseDate ?? '')?.[0] ?? 0) || null;
      for (const one of artists)
        for (const other of artists)
          if (one !== other) this.#note(one.id, other.id, isrc, { leader: artists[0]?.id ?? '', year });
    }
  }

  #note(one: string, other: string, isrc: string, { leader, year }: { leader: string; year: number | null }): void {
    const mine = this.#shared.get(one) ?? new Map<string, Map<string, Shared>>();
    const ours = mine.get(other) ?? new Map<string, Shared>();
    const known = ours.get(isrc) ?? { leaders: new Set<string>(), year: null };
    known.leaders.add(leader);
    if (year !== null) known.year = Math.min(known.year ?? year, year);
    this.#shared.set(one, mine.set(other, ours.set(isrc, known)));
  }

  /** Names of everybody with a track, by id. */
  get names(): Map<string, string> {
    return new Map(
      [...this.catalog.tracks.values()].flatMap(({ artists }) => artists.map(({ id, name }) => [id, name])),
    );
  }

  /** Those who worked with anybody. */
  get collaborating(): string[] {
    return [...this.#shared.keys()];
  }

  get credits(): number {
    return [...this.catalog.tracks.values()].reduce((sum, { artists }) => sum + artists.length, 0);
  }

  get pairs(): number {
    return this.collaborating.reduce((sum, id) => sum + this.around(id).length, 0) / 2;
  }

  around(id: string): string[] {
    return [...(this.#shared.get(id)?.keys() ?? [])];
  }

  tracksOf(id: string): number {
    return [...this.catalog.tracks.values()].filter(({ artists }) => artists.some((artist) => artist.id === id)).length;
  }

  between(one: string, other: string): ExpectedCollaboration {
    const recordings = [...(this.#shared.get(one)?.get(other)?.values() ?? [])];
    const years = recordings.flatMap(({ year }) => year ?? []);
    const led = (by: string) => recordings.filter(({ leaders }) => leaders.has(by)).length;
    return {
      tracks: recordings.length,
      firstYear: years.length > 0 ? Math.min(...years) : null,
      lastYear: years.length > 0 ? Math.max(...years) : null,
      roles: recordings.some(({ leaders }) => leaders.size > 1)
        ? null
        : {
            ledByArtist: led(one),
            ledByCollaborator: led(other),
            bothGuests: recordings.length - led(one) - led(other),
          },
    };
  }

  /** What a link of two is worth to who is near somebody blocked. */
  worth(one: string, other: string): number | null {
    const { roles } = this.between(one, other);
    if (!roles) return null;
    const { ledByArtist, ledByCollaborator: ledByLinked, bothGuests } = roles;
    return linkWorth({ ledByArtist, ledByLinked, bothGuests, produced: 0, written: 0 });
  }

  /** Steps to everybody who can be reached in so many. */
  distances(from: string, most = Infinity): Map<string, number> {
    const steps = new Map([[from, 0]]);
    for (const id of steps.keys()) {
      const distance = (steps.get(id) ?? 0) + 1;
      if (distance <= most) for (const other of this.around(id)) if (!steps.has(other)) steps.set(other, distance);
    }
    return steps;
  }

  get components(): { count: number; largest: number; isolated: number } {
    const seen = new Set<string>();
    const sizes = [...this.names.keys()].flatMap((id) => {
      if (seen.has(id)) return [];
      const part = [...this.distances(id).keys()];
      for (const one of part) seen.add(one);
      return [part.length];
    });
    return { count: sizes.length, largest: Math.max(...sizes), isolated: sizes.filter((size) => size === 1).length };
  }
}
