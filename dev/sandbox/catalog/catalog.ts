import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { groupIntoAlbums } from './albums';
import { parseCsvRecords } from './csv';
import { base62Id, stableNumber } from './ids';
import { foldName } from './names';

export interface CatalogArtist {
  id: string;
  name: string;
  genres: string[];
}

/** A recording; the first of its artists is the main one. `releaseDate` is a year, month or day as the file has it. */
export interface CatalogTrack {
  id: string;
  name: string;
  artists: CatalogArtist[];
  releaseDate: string;
  genre: string;
  durationMs: number;
  isrc: string;
  albumId: string;
  trackNumber: number;
}

export interface CatalogAlbum {
  id: string;
  name: string;
  artists: CatalogArtist[];
  releaseDate: string;
  tracks: CatalogTrack[];
}

/** Everything the sandbox's Spotify knows. `fingerprint` changes with the file's content. */
export interface Catalog {
  tracks: Map<string, CatalogTrack>;
  albums: Map<string, CatalogAlbum>;
  artists: Map<string, CatalogArtist>;
  fingerprint: string;
}

/** The path of the catalog that comes with the project, also when the code runs from its build folder. */
export function bundledCatalogPath(): string {
  const place = join('dev', 'sandbox', 'catalog', 'musicbrainz.csv');
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, place))) return join(folder, place);
  }
  throw new Error(`The catalog ${place} is missing from the project.`);
}

/**
 * Reads a catalog from a CSV file with the header
 * `track_id,track_name,artist_ids,artist_names,release_date,genre,duration_ms`. Rows without an id, a title or an
 * artist are left out, and so is a second row of the same id.
 *
 * @throws Error where the file can't be read or holds no usable track
 */
export function loadCatalog(path: string): Catalog {
  const text = readFileSync(path, 'utf8');
  const tracks = new Map<string, CatalogTrack>();
  const artists = new Map<string, CatalogArtist>();
  for (const row of parseCsvRecords(text)) {
    const track = readTrack(row, artists);
    if (track && !tracks.has(track.id)) tracks.set(track.id, track);
  }
  if (tracks.size === 0) throw new Error(`The catalog ${path} holds no usable track.`);
  const albums = groupIntoAlbums([...tracks.values()]);
  return { tracks, albums, artists, fingerprint: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}

function readTrack(row: Record<string, string>, known: Map<string, CatalogArtist>): CatalogTrack | null {
  const id = (row['track_id'] ?? '').trim();
  const name = (row['track_name'] ?? '').trim();
  const genre = (row['genre'] ?? '').trim();
  const artists = readArtists(row, genre, known);
  if (id === '' || name === '' || artists.length === 0) return null;
  const duration = Math.round(Number(row['duration_ms']));
  const date = (row['release_date'] ?? '').trim();
  return {
    id,
    name,
    artists,
    releaseDate: /^\d{4}(-\d\d){0,2}$/.test(date) ? date : '',
    genre,
    durationMs: duration > 0 ? duration : 180_000,
    isrc: isrcOf(id, date),
    albumId: '',
    trackNumber: 1,
  };
}

function readArtists(row: Record<string, string>, genre: string, known: Map<string, CatalogArtist>): CatalogArtist[] {
  const names = (row['artist_names'] ?? '').split('|').map((name) => name.trim());
  const ids = (row['artist_ids'] ?? '').split('|').map((id) => id.trim());
  const found = new Map<string, CatalogArtist>();
  for (const [place, name] of names.entries()) {
    if (name === '') continue;
    const id = ids[place] || base62Id('artist', foldName(name) || name);
    const artist = known.get(id) ?? { id, name, genres: [] };
    if (genre !== '' && artist.genres.length < 3 && !artist.genres.includes(genre)) artist.genres.push(genre);
    known.set(id, artist);
    found.set(id, artist);
  }
  return [...found.values()];
}

/** A code of the right shape under a registrant that nobody holds; the same recording always gets the same one. */
export function isrcOf(trackId: string, date: string): string {
  const year = /^\d{4}/.test(date) ? date.slice(2, 4) : '00';
  return `QZZZ9${year}${String(stableNumber(trackId, 100_000)).padStart(5, '0')}`;
}
