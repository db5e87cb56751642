import type { Catalog, CatalogAlbum, CatalogArtist, CatalogTrack } from './catalog';
import { foldName } from './names';

/** What a search asks for: words anywhere, and words that must stand in one place (`artist:`, `track:`, `album:`). */
interface Wanted {
  words: string[];
  artist: string[];
  track: string[];
  album: string[];
}

const filter = /\b(artist|track|album|isrc):(?:"([^"]*)"|(\S+(?:\s+(?!\w+:)\S+)*))/gi;

/** Artists whose name holds every word, exact names first, then those that begin with the words. */
export function searchArtists(catalog: Catalog, query: string): CatalogArtist[] {
  const wanted = readQuery(query);
  const words = [...wanted.words, ...wanted.artist];
  return rank([...catalog.artists.values()], words, (artist) => artist.name);
}

/** Tracks whose title and artists together hold every word; `isrc:` finds by code. */
export function searchTracks(catalog: Catalog, query: string): CatalogTrack[] {
  const isrc = /\bisrc:\s*"?([\w-]+)/i.exec(query)?.[1]?.replaceAll('-', '').toUpperCase();
  if (isrc) return [...catalog.tracks.values()].filter((track) => track.isrc === isrc);
  const wanted = readQuery(query);
  const fitting = [...catalog.tracks.values()].filter(
    (track) => holds(artistNames(track), wanted.artist) && holds(track.name, wanted.track),
  );
  return rank(
    fitting,
    wanted.words,
    (track) => `${track.name} ${artistNames(track)}`,
    (track) => track.name,
  );
}

/** Albums whose title and artists together hold every word. */
export function searchAlbums(catalog: Catalog, query: string): CatalogAlbum[] {
  const wanted = readQuery(query);
  const fitting = [...catalog.albums.values()].filter(
    (album) => holds(artistNames(album), wanted.artist) && holds(album.name, wanted.album),
  );
  return rank(
    fitting,
    wanted.words,
    (album) => `${album.name} ${artistNames(album)}`,
    (album) => album.name,
  );
}

function artistNames(thing: { artists: CatalogArtist[] }): string {
  return thing.artists.map((artist) => artist.name).join(' ');
}

function readQuery(query: string): Wanted {
  const wanted: Wanted = { words: [], artist: [], track: [], album: [] };
  const rest = query.replaceAll(filter, (_all, field: string, quoted?: string, plain?: string) => {
    const words = wordsOf(quoted ?? plain ?? '');
    const place = field.toLowerCase();
    if (place === 'artist' || place === 'track' || place === 'album') wanted[place].push(...words);
    return ' ';
  });
  wanted.words = wordsOf(rest);
  return wanted;
}

function wordsOf(text: string): string[] {
  return foldName(text).split(' ').filter(Boolean);
}

function holds(text: string, words: string[]): boolean {
  const folded = ` ${foldName(text)}`;
  return words.every((word) => folded.includes(` ${word}`));
}

function rank<T>(things: T[], words: string[], textOf: (thing: T) => string, nameOf = textOf): T[] {
  const whole = words.join(' ');
  const score = (thing: T) => {
    const name = foldName(nameOf(thing));
    if (name === whole) return 0;
    return name.startsWith(whole) ? 1 : 2;
  };
  return things
    .filter((thing) => holds(textOf(thing), words))
    .map((thing) => ({ thing, score: score(thing) }))
    .sort((a, b) => a.score - b.score)
    .map(({ thing }) => thing);
}
