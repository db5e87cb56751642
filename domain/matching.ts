import type { BlockSource, EffectiveBlock } from './blocks';
import type { CreditedArtist, LibraryAlbum, LibraryTrack } from './library';
import type { Switches } from './switches';

export { presets, switchesFor, type Preset, type Switches } from './switches';

/**
 * How an artist takes part: `primary` (first artist, album artist), `featured` (any other credited artist), `credit`
 * (writer, producer), `mention` (named in a title only).
 */
export type MatchRole = 'primary' | 'featured' | 'credit' | 'mention';

/**
 * What the match rests on; `detail` is the provider's artist id, the album's catalogue id, the URI of the track on the
 * album, the catalogue id of the blocked track, the title, or the name of the import.
 */
export interface MatchEvidence {
  kind: 'provider_id' | 'album_artist' | 'album_track' | 'blocked_track' | 'title' | 'import';
  detail: string;
}

/** One reason why something is in a plan. `source` is the firmest of `sources`: own before list before category. */
export interface Match {
  artistId: string;
  artistName: string;
  role: MatchRole;
  source: BlockSource['kind'];
  sources: BlockSource[];
  evidence: MatchEvidence;
  /** Nothing is removed on this match alone until the person says so. */
  needsReview: boolean;
}

export type BlocksByArtist = ReadonlyMap<string, EffectiveBlock>;

/** Matches of a track by the artists credited on it and on its album, in credited order. */
export function matchTrack(
  track: Pick<LibraryTrack, 'artists' | 'albumId' | 'albumArtistIds'>,
  blocks: BlocksByArtist,
  switches: Pick<Switches, 'primary' | 'featured'>,
): Match[] {
  const matches: Match[] = [];
  const seen = new Set<string>();
  track.artists.forEach((artist, index) => {
    const block = blocks.get(artist.id);
    if (!block || seen.has(artist.id)) return;
    seen.add(artist.id);
    const role = index === 0 || track.albumArtistIds.includes(artist.id) ? 'primary' : 'featured';
    if (switches[role]) matches.push(matchOf(block, role, { kind: 'provider_id', detail: artist.providerId }));
  });
  if (!switches.primary) return matches;
  for (const artistId of track.albumArtistIds) {
    const block = blocks.get(artistId);
    if (!block || seen.has(artistId)) continue;
    seen.add(artistId);
    matches.push(matchOf(block, 'primary', { kind: 'album_artist', detail: track.albumId ?? artistId }));
  }
  return matches;
}

/** Matches of an album by its own artists, each of whom is primary. */
export function matchAlbum(
  album: Pick<LibraryAlbum, 'artists'>,
  blocks: BlocksByArtist,
  switches: Pick<Switches, 'primary'>,
): Match[] {
  if (!switches.primary) return [];
  return distinct(album.artists).flatMap((artist) => matchArtist(artist, blocks));
}

/** The match of an artist as such, as one the person follows. */
export function matchArtist(artist: CreditedArtist, blocks: BlocksByArtist): Match[] {
  const block = blocks.get(artist.id);
  return block ? [matchOf(block, 'primary', { kind: 'provider_id', detail: artist.providerId })] : [];
}

/** The match of a track that the person blocked as such, in the name of its first artist. */
export function matchBlockedTrack(track: LibraryTrack): Match {
  const [artist] = track.artists;
  return {
    artistId: artist?.id ?? '',
    artistName: artist?.name ?? '',
    role: 'primary',
    source: 'own',
    sources: [{ kind: 'own' }],
    evidence: { kind: 'blocked_track', detail: track.id },
    needsReview: false,
  };
}

function matchOf(block: EffectiveBlock, role: MatchRole, evidence: MatchEvidence): Match {
  const { artistId, artistName, sources, contested } = block;
  const source = firmness.find((kind) => sources.some((each) => each.kind === kind)) ?? 'own';
  const needsReview = contested || role === 'credit' || role === 'mention';
  return { artistId, artistName, role, source, sources, evidence, needsReview };
}

const firmness = ['own', 'list', 'category'] as const;

function distinct(artists: readonly CreditedArtist[]): CreditedArtist[] {
  return [...new Map(artists.map((artist) => [artist.id, artist])).values()];
}
