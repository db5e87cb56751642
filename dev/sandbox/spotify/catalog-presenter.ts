import type { CatalogAlbum, CatalogArtist, CatalogTrack } from '../catalog/catalog';
import { show, type CatalogEpisode } from '../catalog/episodes';
import type { World } from '../conduct/world';
import { pageOf } from './paging';

type Json = Record<string, unknown>;

/** The fields that each catalog object carries: addresses, id, kind. */
export function identity(world: World, kind: string, id: string): Json {
  return {
    external_urls: { spotify: `https://open.spotify.com/${kind}/${encodeURIComponent(id)}` },
    href: `${world.url}/spotify/v1/${kind}s/${encodeURIComponent(id)}`,
    id,
    type: kind,
    uri: `spotify:${kind}:${id}`,
  };
}

export function simplifiedArtist(world: World, artist: CatalogArtist): Json {
  return { ...identity(world, 'artist', artist.id), name: artist.name };
}

/** An artist as `GET /artists/{id}`, searches and the followed list show one. */
export function fullArtist(world: World, artist: CatalogArtist): Json {
  return {
    ...simplifiedArtist(world, artist),
    genres: artist.genres,
    images: images(world, artist.id),
    ...(world.dialect === 'extended' ? { followers: { href: null, total: 1000 }, popularity: 50 } : {}),
  };
}

/** An album without its tracks. The spec still requires `available_markets`, which is empty. */
export function simplifiedAlbum(world: World, album: CatalogAlbum): Json {
  const precision = ['year', 'month', 'day'][album.releaseDate.split('-').length - 1] ?? 'year';
  return {
    ...identity(world, 'album', album.id),
    name: album.name,
    album_type: album.tracks.length > 2 ? 'album' : 'single',
    artists: album.artists.map((artist) => simplifiedArtist(world, artist)),
    available_markets: [],
    images: images(world, album.id),
    release_date: album.releaseDate,
    release_date_precision: precision,
    total_tracks: album.tracks.length,
  };
}

/** An album with its first tracks. The spec still requires the fields that development-mode apps no longer use. */
export function fullAlbum(world: World, album: CatalogAlbum): Json {
  const href = `${world.url}/spotify/v1/albums/${encodeURIComponent(album.id)}/tracks`;
  return {
    ...simplifiedAlbum(world, album),
    tracks: pageOf({ href, limit: 50, offset: 0 }, album.tracks, (track) => simplifiedTrack(world, track)),
    copyrights: [],
    external_ids: {},
    genres: [],
    label: '',
    popularity: 0,
  };
}

export function simplifiedTrack(world: World, track: CatalogTrack): Json {
  return {
    ...identity(world, 'track', track.id),
    name: track.name,
    artists: track.artists.map((artist) => simplifiedArtist(world, artist)),
    disc_number: 1,
    duration_ms: track.durationMs,
    explicit: false,
    is_local: false,
    is_playable: true,
    track_number: track.trackNumber,
  };
}

export function fullTrack(world: World, track: CatalogTrack): Json {
  const album = world.catalog.albums.get(track.albumId);
  return {
    ...simplifiedTrack(world, track),
    ...(album ? { album: simplifiedAlbum(world, album) } : {}),
    external_ids: { isrc: track.isrc },
    ...(world.dialect === 'extended' ? { popularity: 50 } : {}),
  };
}

/** A podcast episode in a playlist. */
export function fullEpisode(world: World, episode: CatalogEpisode): Json {
  return {
    ...identity(world, 'episode', episode.id),
    name: episode.name,
    ...spoken(world, episode.id),
    audio_preview_url: null,
    duration_ms: episode.durationMs,
    is_playable: true,
    release_date: episode.releaseDate,
    release_date_precision: 'day',
    show: {
      ...identity(world, 'show', show.id),
      ...spoken(world, show.id),
      name: show.name,
      publisher: show.publisher,
      available_markets: [],
      copyrights: [],
      media_type: 'audio',
      total_episodes: 4,
    },
  };
}

function spoken(world: World, id: string): Json {
  return {
    description: '',
    html_description: '',
    explicit: false,
    images: images(world, id),
    is_externally_hosted: false,
    languages: ['en'],
  };
}

function images(world: World, id: string): Json[] {
  return [{ url: `${world.url}/spotify/images/${encodeURIComponent(id)}.svg`, height: 300, width: 300 }];
}
