import fc from 'fast-check';
import { episodes } from '../../dev/sandbox/catalog/episodes';
import type { SandboxLibrary, SandboxTrack } from './sandbox-admin';

/** What random libraries are made of: two artists to block, tracks of nobody blocked, and tracks only the person adds. */
export interface Palette {
  first: { artistId: string; tracks: SandboxTrack[] };
  second: { artistId: string; tracks: SandboxTrack[] };
  others: SandboxTrack[];
  additions: SandboxTrack[];
}

const minute = 60_000;
const begin = Date.UTC(2020, 0, 1);

/** Takes a palette from the catalog: few tracks, so that copies and repetitions are common. */
export function paletteOf(catalog: readonly SandboxTrack[]): Palette {
  const byArtist = new Map<string, SandboxTrack[]>();
  for (const track of catalog)
    for (const { id } of track.artists) byArtist.set(id, [...(byArtist.get(id) ?? []), track]);
  const [one, two] = [...byArtist]
    .filter(([, tracks]) => tracks.length >= 4 && tracks.some((track) => track.artists.length > 1))
    .slice(0, 2);
  if (!one || !two) throw new Error('The catalog has too few artists with several tracks.');
  const blocked = new Set([...one[1], ...two[1]].map((track) => track.albumId));
  const isFree = (track: SandboxTrack) =>
    !blocked.has(track.albumId) && track.artists.every(({ id }) => id !== one[0] && id !== two[0]);
  const free = catalog.filter(isFree);
  return {
    first: { artistId: one[0], tracks: one[1].slice(0, 4) },
    second: { artistId: two[0], tracks: two[1].slice(0, 4) },
    others: free.slice(0, 6),
    additions: free.slice(6, 12),
  };
}

export const trackUri = (track: SandboxTrack): string => `spotify:track:${track.id}`;

export type PlaylistKind = 'own' | 'own-collaborative' | 'foreign' | 'foreign-collaborative';

/** Kinds and places by their number in the palette; ids and dates are given when it is used. */
export interface LibraryShape {
  likes: number[];
  albums: number[];
  follows: boolean[];
  playlists: { kind: PlaylistKind; items: number[] }[];
}

/** Places of playlists: tracks of the palette, then two local files, an episode, an unavailable item. */
function placesOf({ first, second, others }: Palette): (string | null)[] {
  return [
    ...[...first.tracks, ...second.tracks, ...others].map(trackUri),
    'spotify:local:Aunt+Rosa::Lullaby:184',
    'spotify:local:::Untitled:61',
    `spotify:episode:${[...episodes.keys()][0]}`,
    null,
  ];
}

/**
 * Random libraries over a palette: duplicates in one playlist, the same track in several and in the likes, local files,
 * episodes, unavailable items, collaborative playlists and other people's.
 */
export function libraryShapes(palette: Palette): fc.Arbitrary<LibraryShape> {
  const tracks = palette.first.tracks.length + palette.second.tracks.length + palette.others.length;
  const place = fc.nat({ max: placesOf(palette).length - 1 });
  const kind = fc.constantFrom<PlaylistKind>('own', 'own', 'own-collaborative', 'foreign', 'foreign-collaborative');
  return fc.record({
    likes: fc.uniqueArray(fc.nat({ max: tracks - 1 }), { maxLength: 10 }),
    albums: fc.uniqueArray(fc.nat({ max: tracks - 1 }), { maxLength: 4 }),
    follows: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    playlists: fc.array(fc.record({ kind, items: fc.array(place, { maxLength: 14 }) }), { maxLength: 4 }),
  });
}

/** The library of a shape. `mark` makes its playlists' ids its own. */
export function libraryFrom(shape: LibraryShape, palette: Palette, owner: string, mark: string): SandboxLibrary {
  const tracks = [...palette.first.tracks, ...palette.second.tracks, ...palette.others];
  const places = placesOf(palette);
  let time = begin;
  const dated = <T extends object>(entry: T) => ({ ...entry, addedAt: new Date((time += minute)).toISOString() });
  const artists = [
    palette.first.artistId,
    palette.second.artistId,
    ...palette.others.slice(0, 2).map((track) => track.artists[0]?.id ?? ''),
  ];
  const albumIds = [...new Set(shape.albums.map((n) => tracks[n]?.albumId ?? ''))];
  return {
    likes: shape.likes.map((n) => dated({ trackId: tracks[n]?.id ?? '' })).reverse(),
    albums: albumIds.map((albumId) => dated({ albumId })).reverse(),
    follows: [...new Set(artists.filter((_, n) => shape.follows[n]))],
    playlists: shape.playlists.map(({ kind, items }, n) => ({
      id: `${owner}-${mark}-${n}`,
      name: `Playlist ${n}`,
      ownerId: kind.startsWith('own') ? owner : 'somebody-else',
      collaborative: kind.endsWith('collaborative'),
      items: items.map((at, place) =>
        dated({ uri: places[at] ?? null, addedBy: place % 3 === 2 && kind !== 'own' ? 'somebody-else' : owner }),
      ),
    })),
  };
}
