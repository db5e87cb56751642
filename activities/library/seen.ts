import type { SeenAlbum, SeenArtist, SeenTrack } from '../../adapters/postgres/catalog';
import type { SpotifyAlbum, SpotifyArtistRef, SpotifyTrack } from '../../adapters/providers/spotify/types';

const seenArtist = (artist: SpotifyArtistRef): SeenArtist => ({ providerId: artist.id, name: artist.name });

/** A Spotify album as the catalog takes it. */
export function seenAlbum(album: SpotifyAlbum): SeenAlbum {
  return {
    uri: album.uri,
    name: album.name,
    imageUrl: album.imageUrl,
    releaseDate: album.releaseDate?.slice(0, 10) ?? null,
    artists: album.artists.map(seenArtist),
  };
}

/** A Spotify track as the catalog takes it. */
export function seenTrack(track: SpotifyTrack): SeenTrack {
  return {
    uri: track.uri,
    name: track.name,
    durationMs: track.durationMs,
    isrc: track.isrc,
    artists: track.artists.map(seenArtist),
    album: track.album ? seenAlbum(track.album) : null,
  };
}
