import type { World } from '../conduct/world';
import type { AppleAlbum, AppleArtist, ApplePlaylist, AppleSong } from '../state/apple-music';
import { appleCatalogOf } from './catalog';
import { catalogPresenter } from './catalog-presenter';

/** Shows what somebody keeps as the API's resources; with `whole` each has its counterpart in the catalog beside it. */
export interface LibraryPresenter {
  song(song: AppleSong): object;
  album(album: AppleAlbum): object;
  artist(artist: AppleArtist): object;
  playlist(playlist: ApplePlaylist): object;
}

export function libraryPresenter(world: World, storefront: string, whole: boolean): LibraryPresenter {
  const counterparts = counterpartsOf(world, storefront);
  const resource = (type: string, id: string, attributes: object, counterpart: object[] | null) => {
    const href = `/v1/me/library/${type.replace('library-', '')}/${id}`;
    const catalog = { href: `${href}/catalog`, data: counterpart };
    return { id, type, href, attributes, ...(whole && counterpart ? { relationships: { catalog } } : {}) };
  };
  const playable = (kind: string, kept: { id: string; catalogId: string | null }) => ({
    id: kept.id,
    kind,
    isLibrary: true,
    ...(kept.catalogId === null ? {} : { catalogId: kept.catalogId }),
  });
  return {
    song: (song) => {
      const track = counterparts.track(song.catalogId);
      const attributes = {
        name: song.name,
        artistName: song.artistName,
        albumName: song.albumName,
        genreNames: track?.genre ? [track.genre] : [],
        durationInMillis: track?.durationMs ?? 200_000,
        trackNumber: track?.trackNumber ?? 1,
        discNumber: 1,
        hasLyrics: false,
        ...(track?.releaseDate ? { releaseDate: track.releaseDate } : {}),
        playParams: { ...playable('song', song), reporting: song.catalogId !== null },
      };
      return resource('library-songs', song.id, attributes, counterparts.songs(song.catalogId));
    },
    album: (album) => {
      const { name, artistName, addedAt } = album;
      const trackCount = counterparts.trackCount(album.catalogId);
      const attributes = { name, artistName, trackCount, genreNames: [], dateAdded: addedAt };
      const playParams = playable('album', album);
      return resource('library-albums', album.id, { ...attributes, playParams }, counterparts.albums(album.catalogId));
    },
    artist: ({ id, name, catalogId }) => {
      return resource('library-artists', id, { name }, counterparts.artists(catalogId));
    },
    playlist: (playlist) => {
      const { id, name, description, canEdit, addedAt } = playlist;
      const attributes = {
        name,
        ...(description === '' ? {} : { description: { standard: description } }),
        canEdit,
        isPublic: false,
        hasCatalog: !canEdit,
        dateAdded: addedAt,
        playParams: { id, kind: 'playlist', isLibrary: true },
      };
      return resource('library-playlists', id, attributes, null);
    },
  };
}

function counterpartsOf(world: World, storefront: string) {
  const { songs, albums, artists } = appleCatalogOf(world.catalog);
  const presenter = catalogPresenter(world, storefront);
  const one = <T>(map: ReadonlyMap<string, T>, id: string | null): T[] => {
    const thing = id === null ? undefined : map.get(id);
    return thing ? [thing] : [];
  };
  return {
    track: (id: string | null) => one(songs, id)[0],
    trackCount: (id: string | null) => one(albums, id)[0]?.tracks.length ?? 1,
    songs: (id: string | null) => one(songs, id).map((track) => presenter.song(track)),
    albums: (id: string | null) => one(albums, id).map((album) => presenter.album(album)),
    artists: (id: string | null) => one(artists, id).map((artist) => presenter.artist(artist)),
  };
}
