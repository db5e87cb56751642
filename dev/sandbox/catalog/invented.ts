import { groupIntoAlbums } from './albums';
import { type Catalog, type CatalogArtist, type CatalogTrack, isrcOf } from './catalog';
import { base62Id, stableNumber } from './ids';
import { foldName } from './names';

/** Who is told of in demos where something is said against an artist: nobody bears these names. The last ones are guests of the first. */
const names = ['The Invented Few', 'Nobody Imaginary'];

const songs = [
  { name: 'Made of Nothing', year: '2011' },
  { name: 'No Such Street', year: '2011' },
  { name: 'The Year That Was Not', year: '2011' },
  { name: 'Paper Moon Hotel', year: '2014' },
  { name: 'Assumed Names', year: '2014', guest: true },
  { name: 'All Characters Are Fictitious', year: '2014' },
];

/**
 * A catalog with invented artists behind everybody else; theirs are the same in each. Nobody’s first library has them, so what is made
 * from the catalog without them stays as it was.
 */
export function withInvented(catalog: Catalog): Catalog {
  const [first, guest] = names.map((name): CatalogArtist => ({ id: idOf(name), name, genres: [] })) as [
    CatalogArtist,
    CatalogArtist,
  ];
  const tracks = songs.map((song): CatalogTrack => {
    const id = base62Id('track', foldName(song.name), first.id);
    const durationMs = 120_000 + stableNumber(id, 180_000);
    return {
      id,
      name: song.name,
      artists: song.guest ? [first, guest] : [first],
      releaseDate: song.year,
      genre: '',
      durationMs,
      isrc: isrcOf(id, song.year),
      albumId: '',
      trackNumber: 1,
    };
  });
  return {
    ...catalog,
    albums: new Map([...catalog.albums, ...groupIntoAlbums(tracks)]),
    tracks: new Map([...catalog.tracks, ...tracks.map((track) => [track.id, track] as const)]),
    artists: new Map([...catalog.artists, ...[first, guest].map((artist) => [artist.id, artist] as const)]),
  };
}

const idOf = (name: string) => base62Id('artist', foldName(name));
