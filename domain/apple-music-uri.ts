export const appleMusicKinds = ['song', 'music-video', 'album', 'artist', 'playlist'] as const;
export type AppleMusicKind = (typeof appleMusicKinds)[number];

/** `apple-music:song:1440833098`. An id with a letter (`i.`, `l.`, `r.`, `p.`) is one library's own, any other the catalog's. */
export interface AppleMusicUri {
  kind: AppleMusicKind;
  id: string;
  inLibrary: boolean;
}

const URI = /^apple-music:(song|music-video|album|artist|playlist):([0-9A-Za-z._-]{1,128})$/;

export const formatAppleMusicUri = (kind: AppleMusicKind, id: string): string => `apple-music:${kind}:${id}`;

/** Null for anything that is not of this shape. */
export function parseAppleMusicUri(uri: string): AppleMusicUri | null {
  const [, kind, id] = URI.exec(uri) ?? [];
  return kind && id ? { kind: kind as AppleMusicKind, id, inLibrary: /^[a-z]\./.test(id) } : null;
}

const WEB_ADDRESS =
  /^(?:https?:\/\/)?(?:geo\.|embed\.)?(?:music|itunes)\.apple\.com\/(?:[a-z]{2}\/)?(song|music-video|album|artist|playlist)\/(?:[^/?#\s]+\/)?(?:id)?(\d{1,20}|pl\.[0-9A-Za-z-]{1,120})\/?(?:\?([^#\s]*))?(?:#.*)?$/i;

/**
 * A link to the web player in any country (`…/de/album/NAME/1440833098?i=1440833451` is the song on the album), or a URI of
 * the catalog's; null for anything else, what is in one person's library included.
 */
export function parseAppleMusicAddress(text: string): { kind: AppleMusicKind; id: string } | null {
  const uri = parseAppleMusicUri(text);
  if (uri) return uri.inLibrary ? null : { kind: uri.kind, id: uri.id };
  const [, named, id, query] = WEB_ADDRESS.exec(text) ?? [];
  const kind = appleMusicKinds.find((each) => each === named?.toLowerCase());
  if (!kind || !id || (kind === 'playlist') !== id.startsWith('pl.')) return null;
  const song = kind === 'album' && new URLSearchParams(query).get('i');
  return song && /^\d{1,20}$/.test(song) ? { kind: 'song', id: song } : { kind, id };
}

/**
 * The page of a thing in Apple Music's web player; null for an upload, which has none.
 * @param storefront of the catalog that the person sees; the United States' where unknown, which sends them on to theirs
 */
export function appleMusicAddress({ kind, id, inLibrary }: AppleMusicUri, storefront: string | null): string | null {
  if (!inLibrary) return `https://music.apple.com/${storefront ?? 'us'}/${kind}/${id}`;
  return kind === 'playlist' ? `https://music.apple.com/library/playlist/${id}` : null;
}
