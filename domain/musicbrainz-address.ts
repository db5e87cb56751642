import type { AddressKind } from './provider-uri';

export const musicBrainzKinds = ['artist', 'recording', 'release'] as const;
export type MusicBrainzKind = (typeof musicBrainzKinds)[number];

const BARE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WEB_ADDRESS =
  /^(?:https?:\/\/)?(?:(?:www|beta)\.)?musicbrainz\.org\/(artist|recording|release)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/[^?#\s]*)?(?:[?#].*)?$/i;

/** `musicbrainz:release:UUID`: how our catalog has it. */
export const formatMusicBrainzUri = (kind: MusicBrainzKind, id: string): string => `musicbrainz:${kind}:${id}`;

/** The page of an artist at MusicBrainz. */
export const musicBrainzArtistAddress = (id: string): string => `https://musicbrainz.org/artist/${id}`;

/** A page of MusicBrainz's, any of its tabs, or a bare id, which is taken for an artist's; null for anything else. */
export function parseMusicBrainzAddress(text: string): { kind: MusicBrainzKind; id: string } | null {
  if (BARE_ID.test(text)) return { kind: 'artist', id: text.toLowerCase() };
  const [, named, id] = WEB_ADDRESS.exec(text) ?? [];
  const kind = musicBrainzKinds.find((each) => each === named?.toLowerCase());
  return kind && id ? { kind, id: id.toLowerCase() } : null;
}

/** What MusicBrainz's kinds are among ours. */
export const addressKindOf: Readonly<Record<MusicBrainzKind, AddressKind>> = {
  artist: 'artist',
  recording: 'track',
  release: 'album',
};
