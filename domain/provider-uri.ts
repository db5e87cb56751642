export const addressKinds = ['artist', 'track', 'album', 'playlist'] as const;
export type AddressKind = (typeof addressKinds)[number];

export interface SpotifyUri {
  kind: AddressKind | 'episode';
  id: string;
}

const BARE_ID = /^[0-9A-Za-z]{22}$/;
const URI = /^spotify:(?:user:[^:\s]+:)?(artist|track|album|playlist|episode):([0-9A-Za-z_-]{1,128})$/;
const WEB_ADDRESS =
  /^(?:https?:\/\/)?(?:open|play)\.spotify\.com\/(?:intl-[a-z]{2,8}(?:-[a-z]{2,8})?\/)?(?:embed\/)?(?:user\/[^/?#\s]+\/)?(artist|track|album|playlist)\/([0-9A-Za-z_-]{1,128})\/?(?:[?#].*)?$/i;

/** Reads `spotify:track:ID` and the like; null for anything else, local files included. */
export function parseSpotifyUri(uri: string): SpotifyUri | null {
  const [, kind, id] = URI.exec(uri) ?? [];
  return kind && id ? { kind: kind as SpotifyUri['kind'], id } : null;
}

export function formatSpotifyUri(kind: SpotifyUri['kind'], id: string): string {
  return `spotify:${kind}:${id}`;
}

/** The page of an artist, track, album or playlist in Spotify's web player. */
export function spotifyAddress(kind: AddressKind, id: string): string {
  return `https://open.spotify.com/${kind}/${id}`;
}

/** Whether the URI names a file on somebody's own device. Spotify refuses to remove those by URI. */
export function isLocalFile(uri: string | null): boolean {
  return uri?.startsWith('spotify:local:') ?? false;
}

/**
 * Spotify's: a link to the web player (of any language, with or without tracking), a URI, or a bare id of 22 letters and
 * digits, which is taken for an artist's. Null for anything else, Spotify's shortened links included, since only Spotify can
 * resolve those.
 */
export function parseSpotifyAddress(text: string): { kind: AddressKind; id: string } | null {
  if (BARE_ID.test(text)) return { kind: 'artist', id: text };
  const [, kind, id] = WEB_ADDRESS.exec(text) ?? URI.exec(text) ?? [];
  const known = addressKinds.find((each) => each === kind?.toLowerCase());
  return known && id ? { kind: known, id } : null;
}
