/** Why an artist is blocked: the person's own decision, a version of a list they subscribe to, or a category of offenses. */
export type BlockSource =
  | { kind: 'own' }
  | { kind: 'list'; listId: string; version: number }
  | { kind: 'category'; category: string; offenseIds: string[] };

/** One blocked artist with everything that blocks it. `contested`: only offenses under appeal do. */
export interface EffectiveBlock {
  artistId: string;
  artistName: string;
  providerIds: string[];
  sources: BlockSource[];
  contested: boolean;
}

export interface BlockedArtist {
  artistId: string;
  artistName: string;
  providerIds: string[];
}

/** `verified`: an independent moderator found the sources to support the entry. `contested`: an appeal is open. */
export type OffenseStanding = 'verified' | 'contested';

export interface EffectiveBlocksInput {
  own: readonly (BlockedArtist & { expiresAt: Date | null })[];
  lists: readonly { listId: string; version: number; entries: readonly BlockedArtist[] }[];
  categories: readonly {
    category: string;
    offenses: readonly (BlockedArtist & { offenseId: string; standing: OffenseStanding })[];
  }[];
  /** Artists the person keeps whatever else says. */
  exceptedArtistIds: ReadonlySet<string>;
  now: Date;
}

/** Single tracks and albums the person keeps although an artist on them is blocked; catalogue ids. */
export interface MatchExceptions {
  trackIds: ReadonlySet<string>;
  albumIds: ReadonlySet<string>;
}

export const noExceptions: MatchExceptions = { trackIds: new Set(), albumIds: new Set() };

/**
 * Own blocks that haven't expired, entries of subscribed lists and offenses of subscribed categories, less the excepted
 * artists; one block an artist, in the order in which they are first named. An offense under appeal blocks on its own
 * account only as `contested`, and is left out of the sources where anything firmer blocks the artist too.
 */
export function effectiveBlocks(input: EffectiveBlocksInput): EffectiveBlock[] {
  const firm = new Map<string, EffectiveBlock>();
  for (const block of input.own) {
    if (block.expiresAt === null || block.expiresAt > input.now) join(firm, block, { kind: 'own' });
  }
  for (const { listId, version, entries } of input.lists) {
    for (const entry of entries) join(firm, entry, { kind: 'list', listId, version });
  }
  const contested = new Map<string, EffectiveBlock>();
  for (const { category, offenses } of input.categories) {
    for (const offense of offenses) {
      const blocks = offense.standing === 'verified' ? firm : contested;
      join(blocks, offense, { kind: 'category', category, offenseIds: [offense.offenseId] });
    }
  }
  const doubtful = [...contested.values()].filter(({ artistId }) => !firm.has(artistId));
  return [...firm.values(), ...doubtful.map((block) => ({ ...block, contested: true }))].filter(
    ({ artistId }) => !input.exceptedArtistIds.has(artistId),
  );
}

/** Blocks by catalogue artist id, as matching wants them. */
export function blocksByArtist(blocks: readonly EffectiveBlock[]): Map<string, EffectiveBlock> {
  return new Map(blocks.map((block) => [block.artistId, block]));
}

function join(blocks: Map<string, EffectiveBlock>, artist: BlockedArtist, source: BlockSource): void {
  const { artistId, artistName, providerIds } = artist;
  const block = blocks.get(artistId);
  if (!block) {
    blocks.set(artistId, { artistId, artistName, providerIds: [...providerIds], sources: [source], contested: false });
    return;
  }
  block.providerIds = [...new Set([...block.providerIds, ...providerIds])];
  const known = block.sources.find((other) => isSameSource(other, source));
  if (!known) block.sources.push(source);
  else if (known.kind === 'category' && source.kind === 'category') {
    known.offenseIds = [...new Set([...known.offenseIds, ...source.offenseIds])];
  }
}

function isSameSource(one: BlockSource, other: BlockSource): boolean {
  if (one.kind === 'list') return other.kind === 'list' && one.listId === other.listId && one.version === other.version;
  if (one.kind === 'category') return other.kind === 'category' && one.category === other.category;
  return other.kind === 'own';
}
