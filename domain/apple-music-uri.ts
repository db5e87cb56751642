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

/**
 * The page of a thing in Apple Music's web player; null for an upload, which has none.
 * @param storefront of the catalog that the person sees; the United States' where unknown, which sends them on to theirs
 */
export function appleMusicAddress({ kind, id, inLibrary }: AppleMusicUri, storefront: string | null): string | null {
  if (!inLibrary) return `https://music.apple.com/${storefront ?? 'us'}/${kind}/${id}`;
  return kind === 'playlist' ? `https://music.apple.com/library/playlist/${id}` : null;
}
