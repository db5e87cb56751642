import type { CatalogAlbum, CatalogTrack } from './catalog';
import { base62Id } from './ids';

const longestAlbum = 16;

/**
 * The file knows no albums, so they are made up: the tracks of one main artist from one year, a lonely one joining its
 * neighbour in time, at most sixteen on one. An album is named after its first track and belongs to the main artist.
 * Sets `albumId` and `trackNumber` on the tracks; the same tracks make the same albums.
 */
export function groupIntoAlbums(tracks: CatalogTrack[]): Map<string, CatalogAlbum> {
  const byArtist = new Map<string, CatalogTrack[]>();
  for (const track of tracks) {
    const main = track.artists[0]?.id ?? '';
    byArtist.set(main, [...(byArtist.get(main) ?? []), track]);
  }
  const albums = new Map<string, CatalogAlbum>();
  for (const [artistId, own] of byArtist) {
    for (const group of splitByYear(own)) {
      const first = group[0];
      if (!first) continue;
      const id = base62Id('album', artistId, first.id);
      group.forEach((track, place) => Object.assign(track, { albumId: id, trackNumber: place + 1 }));
      const releaseDate = group.map((track) => track.releaseDate).find((date) => date !== '') ?? '2000';
      albums.set(id, { id, name: first.name, artists: first.artists.slice(0, 1), releaseDate, tracks: group });
    }
  }
  return albums;
}

function splitByYear(own: CatalogTrack[]): CatalogTrack[][] {
  const sorted = own.toSorted((a, b) => a.releaseDate.localeCompare(b.releaseDate) || (a.id < b.id ? -1 : 1));
  const groups: CatalogTrack[][] = [];
  for (const track of sorted) {
    const group = groups.at(-1);
    const sameYear = group?.[0]?.releaseDate.slice(0, 4) === track.releaseDate.slice(0, 4);
    if (group && group.length < longestAlbum && (sameYear || group.length === 1)) group.push(track);
    else groups.push([track]);
  }
  const last = groups.at(-1);
  const before = groups.at(-2);
  if (last?.length === 1 && before && before.length < longestAlbum) {
    groups.pop();
    before.push(...last);
  }
  return groups;
}
