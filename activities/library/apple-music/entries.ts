import type { AppleMusicEntry } from '../../../adapters/postgres/library-content';
import type { LibraryAlbum, LibraryArtist, LibrarySong } from '../../../adapters/providers/apple-music/types';
import { formatAppleMusicUri } from '../../../domain/apple-music-uri';

/**
 * An item is known by its catalog id where the catalog still has it, since a library's own id is another one after each time
 * that it is added; uploads and what was withdrawn have the library's id alone.
 */
export function songEntry(song: LibrarySong): AppleMusicEntry {
  const kind = song.kind === 'song' ? 'song' : 'music-video';
  const { id, name, artistName, albumName } = song;
  return [formatAppleMusicUri(kind, song.catalog?.id ?? id), song.dateAdded, null, { id, name, artistName, albumName }];
}

export function albumEntry({ id, name, artistName, dateAdded, catalog }: LibraryAlbum): AppleMusicEntry {
  return [formatAppleMusicUri('album', catalog?.id ?? id), dateAdded, null, { id, name, artistName, albumName: name }];
}

export function artistEntry({ id, name, catalogId }: LibraryArtist): AppleMusicEntry {
  return [formatAppleMusicUri('artist', catalogId ?? id), null, null, { id, name, artistName: name, albumName: null }];
}
