import type { Catalog, CatalogAlbum, CatalogArtist, CatalogTrack } from '../catalog/catalog';
import { base62Id } from '../catalog/ids';
import type { AppleAlbum, AppleArtist, AppleSong } from '../state/apple-music';
import { appleCatalogOf, creditOf, type AppleCatalog } from './catalog';

/** A library's own id: the same person gets the same one for the same thing. */
export function libraryId(letter: 'i' | 'l' | 'r' | 'p', ...parts: string[]): string {
  return `${letter}.${base62Id('apple-music', letter, ...parts).slice(0, 14)}`;
}

/** A song of the catalog as somebody keeps it. */
export function keptSong(catalog: Catalog, userId: string, track: CatalogTrack, addedAt: string): AppleSong {
  const { name, artistName } = creditOf(track);
  const catalogId = appleCatalogOf(catalog).appleIds.get(track.id) ?? null;
  const albumName = catalog.albums.get(track.albumId)?.name ?? track.name;
  return { id: libraryId('i', userId, track.id), catalogId, name, artistName, albumName, addedAt };
}

/** A file that somebody uploaded. */
export function uploadedSong(
  userId: string,
  name: string,
  artistName: string,
  albumName: string,
  addedAt: string,
): AppleSong {
  const id = libraryId('i', userId, 'upload', name, artistName);
  return { id, catalogId: null, name, artistName, albumName, addedAt };
}

/** An album of the catalog as somebody keeps it. */
export function keptAlbum(catalog: Catalog, userId: string, album: CatalogAlbum, addedAt: string): AppleAlbum {
  return {
    id: libraryId('l', userId, album.id),
    catalogId: appleCatalogOf(catalog).appleIds.get(album.id) ?? null,
    name: album.name,
    artistName: album.artists.map(({ name }) => name).join(' & '),
    addedAt,
  };
}

/** An artist of kept songs. */
export function keptArtist(userId: string, artist: CatalogArtist, apple: AppleCatalog): AppleArtist {
  const id = libraryId('r', userId, artist.id);
  return { id, catalogId: apple.appleIds.get(artist.id) ?? null, name: artist.name };
}

/** Under which key an account keeps the rating of a thing: by its catalog id where it has one. */
export function ratingKey(kind: 'songs' | 'albums', kept: { id: string; catalogId: string | null }): string {
  return kept.catalogId === null ? `library-${kind}/${kept.id}` : `${kind}/${kept.catalogId}`;
}
