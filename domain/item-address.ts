import { appleMusicAddress, formatAppleMusicUri, parseAppleMusicUri } from './apple-music-uri';
import { type AddressKind, formatSpotifyUri, parseSpotifyUri, spotifyAddress } from './provider-uri';

/** What an item's URI, of either provider, says of it: its kind and its page, null where it has none. */
export interface ItemAddress {
  kind: AddressKind;
  url: string | null;
}

/** Null for local files, episodes, and what is no such URI. */
export function itemAddress(uri: string, storefront: string | null = null): ItemAddress | null {
  const apple = parseAppleMusicUri(uri);
  if (apple) {
    const kind = apple.kind === 'song' || apple.kind === 'music-video' ? 'track' : apple.kind;
    return { kind, url: appleMusicAddress(apple, storefront) };
  }
  const spotify = parseSpotifyUri(uri);
  if (!spotify || spotify.kind === 'episode') return null;
  return { kind: spotify.kind, url: spotifyAddress(spotify.kind, spotify.id) };
}

/** The URI of a playlist by its provider's id. */
export const playlistUri = (provider: string, id: string): string =>
  provider === 'apple_music' ? formatAppleMusicUri('playlist', id) : formatSpotifyUri('playlist', id);

/** The URI of an artist by their provider's id. */
export const artistUri = (provider: string, id: string): string =>
  provider === 'apple_music' ? formatAppleMusicUri('artist', id) : formatSpotifyUri('artist', id);
