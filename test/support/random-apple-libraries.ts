import fc from 'fast-check';
import type { Palette } from './random-libraries';
import type { SandboxAppleLibrary } from './sandbox-admin';

export type OwnRating = 1 | -1 | null;

/** Songs, albums and ratings by their number in the palette. */
export interface AppleLibraryShape {
  songs: number[];
  albums: number[];
  ratings: OwnRating[];
}

/** What happens between the first sync and the last rollback; numbers are taken modulo what there is. */
export type AppleEvent =
  | { kind: 'run'; artist: number }
  | { kind: 'rate'; item: number; value: OwnRating }
  | { kind: 'roll back'; run: number };

const rating = fc.constantFrom<OwnRating>(null, null, 1, -1);
const tracksOf = ({ first, second, others }: Palette) => [...first.tracks, ...second.tracks, ...others];

/** Random Apple Music libraries over a palette: songs and albums, each loved, disliked or not rated. */
export function appleLibraryShapes(palette: Palette): fc.Arbitrary<AppleLibraryShape> {
  const place = fc.nat({ max: tracksOf(palette).length - 1 });
  return fc.record({
    songs: fc.uniqueArray(place, { minLength: 4, maxLength: 12 }),
    albums: fc.uniqueArray(place, { maxLength: 4 }),
    ratings: fc.array(rating, { minLength: 20, maxLength: 20 }),
  });
}

export const appleEvents: fc.Arbitrary<AppleEvent[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('run' as const), artist: fc.nat({ max: 1 }) }),
    fc.record({ kind: fc.constant('rate' as const), item: fc.nat({ max: 50 }), value: rating }),
    fc.record({ kind: fc.constant('rate' as const), item: fc.nat({ max: 50 }), value: rating }),
    fc.record({ kind: fc.constant('roll back' as const), run: fc.nat({ max: 5 }) }),
  ),
  { maxLength: 5 },
);

/** The library of a shape; the sandbox fills in what the catalog says of its songs and albums. */
export function appleLibraryFrom(shape: AppleLibraryShape, palette: Palette): SandboxAppleLibrary {
  const tracks = tracksOf(palette);
  const addedAt = '2021-01-01T00:00:00Z';
  const ids = shape.songs.map((n) => tracks[n]?.id ?? '');
  const albumIds = [...new Set(shape.albums.map((n) => tracks[n]?.albumId ?? ''))];
  const rated = [...ids.map((id) => ({ type: 'songs', id })), ...albumIds.map((id) => ({ type: 'albums', id }))];
  return {
    songs: ids.map((catalogId) => ({ catalogId, addedAt })),
    albums: albumIds.map((catalogId) => ({ catalogId, addedAt })),
    artists: [],
    playlists: [
      {
        name: 'Mine',
        description: '',
        canEdit: true,
        addedAt,
        items: ids.map((catalogId) => ({ catalogId, addedAt })),
      },
    ],
    ratings: rated.flatMap((item, n) => {
      const value = shape.ratings[n] ?? null;
      return value === null ? [] : [{ ...item, value }];
    }),
  } as unknown as SandboxAppleLibrary;
}

/**
 * How a person wants their songs and albums rated, and which ratings open runs hold: what the sandbox must show when all of
 * them are taken back. By the sandbox's keys.
 */
export class OwnRatings {
  readonly #own: Map<string, OwnRating>;
  /** Runs that are not taken back, with what each has rated. */
  readonly #held = new Map<string, ReadonlySet<string>>();

  constructor(library: SandboxAppleLibrary) {
    const things = [
      ...library.songs.map((song) => `songs/${song.catalogId}`),
      ...library.albums.map((album) => `albums/${album.catalogId}`),
    ];
    const rated = new Map(library.ratings.map(({ type, id, value }) => [`${type}/${id}`, value]));
    this.#own = new Map(things.map((key) => [key, rated.get(key) ?? null]));
  }

  get keys(): string[] {
    return [...this.#own.keys()];
  }

  /** Those that are rated at all. */
  get rated(): Record<string, OwnRating> {
    return Object.fromEntries([...this.#own].filter(([, value]) => value !== null));
  }

  hold(runId: string, keys: ReadonlySet<string>): void {
    this.#held.set(runId, keys);
  }

  release(runId: string): void {
    this.#held.delete(runId);
  }

  /** The person rates it anew. False where nobody could tell a dislike of theirs from a run's. */
  rate(key: string, value: OwnRating): boolean {
    if (value === -1 && [...this.#held.values()].some((keys) => keys.has(key))) return false;
    this.#own.set(key, value);
    return true;
  }
}
