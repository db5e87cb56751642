import { formatAppleMusicUri, parseAppleMusicAddress } from './apple-music-uri';
import type { FileProvider } from './block-file';
import { itemAddress } from './item-address';
import { addressKindOf, formatMusicBrainzUri, parseMusicBrainzAddress } from './musicbrainz-address';
import { type AddressKind, formatSpotifyUri, parseSpotifyAddress } from './provider-uri';

/** `id` is the provider's, `uri` how our catalog has it. */
export interface PastedAddress {
  provider: FileProvider;
  kind: AddressKind;
  id: string;
  uri: string;
}

const LONGEST_ADDRESS = 2_048;

/** What somebody pasted, if it is an address or a bare id of Spotify's or MusicBrainz's, or an address of Apple Music's. */
export function parsePastedAddress(text: string): PastedAddress | null {
  const trimmed = text.slice(0, LONGEST_ADDRESS + 1).trim();
  if (trimmed.length > LONGEST_ADDRESS) return null;
  const spotify = parseSpotifyAddress(trimmed);
  if (spotify) return { provider: 'spotify', ...spotify, uri: formatSpotifyUri(spotify.kind, spotify.id) };
  const musicBrainz = parseMusicBrainzAddress(trimmed);
  if (musicBrainz) {
    const { kind, id } = musicBrainz;
    return { provider: 'musicbrainz', kind: addressKindOf[kind], id, uri: formatMusicBrainzUri(kind, id) };
  }
  const apple = parseAppleMusicAddress(trimmed);
  if (!apple) return null;
  const uri = formatAppleMusicUri(apple.kind, apple.id);
  const kind = itemAddress(uri)?.kind;
  return kind ? { provider: 'apple_music', kind, id: apple.id, uri } : null;
}
