import {
  rememberAlbums,
  rememberArtists,
  rememberTracks,
  type SeenAlbum,
  type SeenArtist,
  unknownUris,
} from '../../../adapters/postgres/catalog';
import { CATALOG_ALBUMS, CATALOG_SONGS } from '../../../adapters/providers/apple-music/client';
import type { CatalogItem, LibraryArtist } from '../../../adapters/providers/apple-music/types';
import { formatAppleMusicUri, parseAppleMusicUri } from '../../../domain/apple-music-uri';
import { inBatches } from '../../../domain/batches';
import type { AppleMusicSyncContext } from './sync-context';

const provider = 'apple_music';

/**
 * Asks the catalog about songs and albums that nobody has had yet, for a library tells neither its artists' ids nor its albums'.
 * What the storefront does not answer for stays unknown, and can be matched by its texts alone.
 */
export async function rememberItems(context: AppleMusicSyncContext, uris: readonly string[]): Promise<void> {
  const em = context.em.fork();
  const inCatalog = uris
    .map((uri) => ({ uri, parsed: parseAppleMusicUri(uri) }))
    .filter((one) => one.parsed && !one.parsed.inLibrary);
  const of = (kind: string) => inCatalog.filter(({ parsed }) => parsed?.kind === kind).map(({ uri }) => uri);
  const songs = await catalogItems(context, 'songs', idsOf(await unknownUris(em, 'tracks', of('song'))));
  const albumUris = [
    ...of('album'),
    ...songs.flatMap(({ albumId }) => (albumId ? formatAppleMusicUri('album', albumId) : [])),
  ];
  const albums = await catalogItems(context, 'albums', idsOf(await unknownUris(em, 'albums', albumUris)));
  await rememberAlbums(em, provider, albums.map(seenAlbum));
  const known = new Set(albumUris);
  for (const uri of await unknownUris(em, 'albums', albumUris)) known.delete(uri);
  await rememberTracks(
    em,
    provider,
    songs.map((song) => {
      const albumUri = song.albumId === null ? null : formatAppleMusicUri('album', song.albumId);
      return {
        uri: formatAppleMusicUri('song', song.id),
        name: song.name,
        durationMs: song.durationMs,
        isrc: song.isrc?.slice(0, 20) ?? null,
        artists: seenArtists(song),
        // Its album is in the catalog already; the rest of what is said here of it is not looked at.
        album:
          albumUri !== null && known.has(albumUri)
            ? { uri: albumUri, name: song.albumName ?? '', imageUrl: null, releaseDate: null, artists: [] }
            : null,
      };
    }),
  );
}

/** Takes a library's artists into the catalog, as far as the catalog of the provider has them. */
export async function rememberLibraryArtists(
  context: AppleMusicSyncContext,
  artists: readonly LibraryArtist[],
): Promise<void> {
  const seen = artists.flatMap(({ catalogId, name }) => (catalogId ? [{ providerId: catalogId, name }] : []));
  await rememberArtists(context.em.fork(), provider, seen);
}

async function catalogItems(
  context: AppleMusicSyncContext,
  kind: 'songs' | 'albums',
  ids: readonly string[],
): Promise<CatalogItem[]> {
  const items: CatalogItem[] = [];
  for (const batch of inBatches(ids, kind === 'songs' ? CATALOG_SONGS : CATALOG_ALBUMS)) {
    const found = await context.session.call((client, auth) =>
      kind === 'songs'
        ? client.catalogSongs(auth, context.storefront, batch)
        : client.catalogAlbums(auth, context.storefront, batch),
    );
    items.push(...found);
  }
  return items;
}

const idsOf = (uris: readonly string[]) => uris.flatMap((uri) => parseAppleMusicUri(uri)?.id ?? []);

const seenAlbum = (album: CatalogItem): SeenAlbum => ({
  uri: formatAppleMusicUri('album', album.id),
  name: album.name,
  imageUrl: album.imageUrl,
  releaseDate: album.releaseDate?.slice(0, 10) ?? null,
  artists: seenArtists(album),
});

/** An artist of whom no name came along is left out, but for one alone, who is the one in the credit. */
const seenArtists = ({ artists, artistName }: CatalogItem): SeenArtist[] =>
  artists
    .map(({ id, name }) => ({ providerId: id, name: name || (artists.length === 1 ? artistName : '') }))
    .filter(({ name }) => name !== '');
