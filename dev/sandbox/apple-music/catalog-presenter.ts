import type { CatalogAlbum, CatalogArtist, CatalogTrack } from '../catalog/catalog';
import type { World } from '../conduct/world';
import { appleCatalogOf, creditOf } from './catalog';

/** Shows things of the catalog as the API's resources, for one storefront. */
export interface CatalogPresenter {
  song(track: CatalogTrack, withArtists?: boolean): object;
  album(album: CatalogAlbum, withArtists?: boolean): object;
  artist(artist: CatalogArtist): object;
}

export function catalogPresenter(world: World, storefront: string): CatalogPresenter {
  const { appleIds } = appleCatalogOf(world.catalog);
  const idOf = (thing: { id: string }) => appleIds.get(thing.id) ?? '';
  const address = (type: string, id: string) => `/v1/catalog/${storefront}/${type}/${id}`;
  const named = (type: string, thing: { id: string }) => {
    const id = idOf(thing);
    return { id, type, href: address(type, id) };
  };
  const artistsOf = (owner: object & { href: string }, artists: CatalogArtist[], whole: boolean) => ({
    artists: {
      href: `${owner.href}/artists`,
      data: artists.map((artist) => (whole ? presenter.artist(artist) : named('artists', artist))),
    },
  });
  const presenter: CatalogPresenter = {
    // The relationship knows main artists only; whoever is named behind "feat." is in the name alone.
    song: (track, withArtists = false) => {
      const { main, name, artistName } = creditOf(track);
      const album = world.catalog.albums.get(track.albumId);
      const self = named('songs', track);
      return {
        ...self,
        attributes: {
          name,
          artistName,
          albumName: album?.name ?? track.name,
          genreNames: track.genre === '' ? ['Music'] : [track.genre, 'Music'],
          durationInMillis: track.durationMs,
          isrc: track.isrc,
          trackNumber: track.trackNumber,
          discNumber: 1,
          hasLyrics: false,
          ...(track.releaseDate === '' ? {} : { releaseDate: track.releaseDate }),
          url: `${world.url}${self.href}`,
          playParams: { id: self.id, kind: 'song' },
          previews: [],
        },
        relationships: {
          ...artistsOf(self, main, withArtists),
          ...(album ? { albums: { href: `${self.href}/albums`, data: [named('albums', album)] } } : {}),
        },
      };
    },
    album: (album, withArtists = false) => {
      const self = named('albums', album);
      return {
        ...self,
        attributes: {
          name: album.name,
          artistName: album.artists.map(({ name }) => name).join(' & '),
          releaseDate: album.releaseDate,
          trackCount: album.tracks.length,
          isSingle: album.tracks.length === 1,
          url: `${world.url}${self.href}`,
          playParams: { id: self.id, kind: 'album' },
        },
        relationships: {
          ...artistsOf(self, album.artists, withArtists),
          tracks: { href: `${self.href}/tracks`, data: album.tracks.map((track) => named('songs', track)) },
        },
      };
    },
    artist: (artist) => {
      const self = named('artists', artist);
      const picture = { width: 300, height: 300, url: `${world.url}/apple-music/images/${self.id}-{w}x{h}.jpg` };
      return {
        ...self,
        attributes: {
          name: artist.name,
          genreNames: [...artist.genres, 'Music'],
          artwork: picture,
          url: `${world.url}${self.href}`,
        },
      };
    },
  };
  return presenter;
}
