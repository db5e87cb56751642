import type { CreditedName } from './artist-credit';
import type { BlockSource, EffectiveBlock } from './blocks';
import type { CreditedArtist, LibraryAlbum, LibraryTrack } from './library';
import { indexNames, type NameIndex } from './name-index';
import { nameKey } from './name-keys';
import type { Switches } from './switches';
import { findMentions } from './title-mentions';
import type { MentionRelation } from './title-signs';

export { presets, switchesFor, type Preset, type Switches } from './switches';

/**
 * How an artist takes part: `primary` (first artist, album artist), `featured` (any other credited artist), `credit`
 * (writer, producer), `mention` (named in a title only).
 */
export type MatchRole = 'primary' | 'featured' | 'credit' | 'mention';

/**
 * What the match rests on; `detail` is the provider's artist id, the album's catalogue id, the URI of the track on the
 * album, the catalogue id of the blocked track, the title, the name of the import, the credit in words, or the playlist's URI.
 */
export interface MatchEvidence {
  kind:
    'provider_id' | 'album_artist' | 'album_track' | 'blocked_track' | 'title' | 'import' | 'name' | 'playlist_tracks';
  detail: string;
  /** Where a name in a text is all there is: that name. */
  found?: FoundName;
  /** Of a playlist: on how many of its places the artist is credited by id. */
  share?: { tracks: number; of: number };
}

/** The exact piece of `detail` from `start` to `end` (UTF-16 offsets), and in a title the sign that makes it a credit. */
export interface FoundName {
  text: string;
  start: number;
  end: number;
  sign?: string;
  relation?: MentionRelation;
}

/** A writer or producer as an import names them. `artistId` is the catalogue's, null where the import has only the name. */
export interface ImportedCredit {
  artistId: string | null;
  name: string;
  role: 'writer' | 'producer';
  importName: string;
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

/** The blocked artists by their names and aliases, for texts that give names without ids. */
export function blockedNames(blocks: Iterable<EffectiveBlock>): NameIndex {
  return indexNames(
    [...blocks].map((block) => ({ artistId: block.artistId, names: [block.artistName, ...block.aliases] })),
  );
}

/**
 * Matches of a track by what its title says, for review. A name that one of the credited artists bears means that
 * artist, whose id says who it is; so a credited namesake of somebody blocked makes no match.
 */
export function matchTitle(
  track: Pick<LibraryTrack, 'name' | 'artists'>,
  blocks: BlocksByArtist,
  names: NameIndex,
  switches: Pick<Switches, 'mentions'>,
): Match[] {
  if (!switches.mentions) return [];
  const credited = new Set(track.artists.map((artist) => nameKey(artist.name)));
  return findMentions(track.name, names, credited).flatMap(({ artistId, text, start, end, sign, relation }) => {
    const block = blocks.get(artistId);
    if (!block || credited.has(nameKey(text))) return [];
    const found = { text, start, end, sign, relation };
    return [matchOf(block, 'mention', { kind: 'title', detail: track.name, found })];
  });
}

/** Matches of a track by its writers and producers as imports name them, one an artist, for review. */
export function matchCredits(
  credits: readonly ImportedCredit[],
  blocks: BlocksByArtist,
  names: NameIndex,
  switches: Pick<Switches, 'credits'>,
): Match[] {
  if (!switches.credits) return [];
  const matches = new Map<string, Match>();
  for (const { artistId, name, importName } of credits) {
    const ids = artistId === null ? idsNamed(names, name) : [artistId];
    for (const id of ids) {
      const block = blocks.get(id);
      if (!block || matches.has(id)) continue;
      const found = artistId === null ? { found: { text: name, start: 0, end: name.length } } : {};
      matches.set(id, matchOf(block, 'credit', { kind: 'import', detail: importName, ...found }));
    }
  }
  return [...matches.values()];
}

/** Matches by names alone, read from a credit without ids by `parseArtistCredit`; always for review. */
export function matchCreditedNames(
  credit: string,
  credited: readonly CreditedName[],
  blocks: BlocksByArtist,
  names: NameIndex,
  switches: Pick<Switches, 'primary' | 'featured'>,
): Match[] {
  return credited.flatMap(({ name, role, start, end }) => {
    if (!switches[role]) return [];
    return idsNamed(names, name).flatMap((id) => {
      const block = blocks.get(id);
      const evidence: MatchEvidence = { kind: 'name', detail: credit, found: { text: name, start, end } };
      return block ? [{ ...matchOf(block, role, evidence), needsReview: true }] : [];
    });
  });
}

function idsNamed(names: NameIndex, name: string): string[] {
  return (names.byKey.get(nameKey(name)) ?? []).map(({ artistId }) => artistId);
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

export function matchOf(block: EffectiveBlock, role: MatchRole, evidence: MatchEvidence): Match {
  const { artistId, artistName, sources, contested } = block;
  const source = firmness.find((kind) => sources.some((each) => each.kind === kind)) ?? 'own';
  const needsReview = contested || role === 'credit' || role === 'mention';
  return { artistId, artistName, role, source, sources, evidence, needsReview };
}

const firmness = ['own', 'list', 'category'] as const;

function distinct(artists: readonly CreditedArtist[]): CreditedArtist[] {
  return [...new Map(artists.map((artist) => [artist.id, artist])).values()];
}
