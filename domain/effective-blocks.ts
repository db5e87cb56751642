import type { BlockedArtist, BlockSource, EffectiveBlock, MatchExceptions } from './blocks';
import type { OffenseStatus } from './offenses';

/** The person's own decisions of one kind, each with the moment at which it was made. */
export interface OwnExceptions {
  artists: readonly { artistId: string; decidedAt: Date }[];
  tracks: readonly { trackId: string; decidedAt: Date }[];
  albums: readonly { albumId: string; decidedAt: Date }[];
}

/** All that speaks for and against artists and tracks, for one person at one moment. */
export interface BlockDecisions {
  /** `expiresAt` null: for good. */
  ownArtists: readonly (BlockedArtist & { decidedAt: Date; expiresAt: Date | null })[];
  ownTracks: readonly { trackId: string; decidedAt: Date; expiresAt: Date | null }[];
  /** Subscribed lists, each in the version that holds for this person. */
  lists: readonly { listId: string; version: number; entries: readonly BlockedArtist[] }[];
  /** Subscribed categories with their offenses, whatever their status. */
  categories: readonly {
    category: string;
    offenses: readonly (BlockedArtist & { offenseId: string; status: OffenseStatus })[];
  }[];
  exceptions: OwnExceptions;
  /** For each artist merged into another: the other's id, which may have been merged in its turn. */
  mergedInto: ReadonlyMap<string, string>;
  now: Date;
}

/** What holds: blocked artists and tracks with their sources, and the songs and albums that stay all the same. */
export interface EffectiveDecisions {
  artists: EffectiveBlock[];
  tracks: { trackId: string; sources: BlockSource[] }[];
  exceptions: MatchExceptions;
}

export const noOwnExceptions: OwnExceptions = { artists: [], tracks: [], albums: [] };

/** The same decisions with one source more, in the place of what they have of it: another version of a list, or a category. */
export function withSource(
  decisions: BlockDecisions,
  source: Partial<{ list: BlockDecisions['lists'][number]; category: BlockDecisions['categories'][number] }>,
): BlockDecisions {
  const { list, category } = source;
  const lists = decisions.lists.filter(({ listId }) => listId !== list?.listId);
  const categories = decisions.categories.filter((each) => each.category !== category?.category);
  return {
    ...decisions,
    lists: list ? [...lists, list] : lists,
    categories: category ? [...categories, category] : categories,
  };
}

/**
 * Own blocks that haven't expired (a block ends at its `expiresAt`, not after it), entries of subscribed lists and
 * offenses of subscribed categories, less the exceptions; one block an artist, in the order in which they are first
 * named. An offense under appeal blocks on its own account only as `contested`, and is left out of the sources where
 * anything firmer blocks the artist too.
 *
 * Who wins:
 * - An exception for an artist outweighs every list and category, whatever came first.
 * - Between the person's own block and own exception for the same artist, or the same track, the later one is what
 *   they want now; at the same moment it is the exception, since keeping something loses nothing. A later own block
 *   ends the exception altogether, so that lists count again as well.
 * - What is said of a track or an album outweighs what is said of its artist, either way and whatever came first: a
 *   kept song stays though its artist is blocked, a blocked song goes though its artist is excepted.
 *
 * What is said of an artist who was merged is said of the artist that it became.
 */
export function resolveBlocks(decisions: BlockDecisions): EffectiveDecisions {
  const { exceptions, now } = decisions;
  const current = currentIdOf(decisions.mergedInto);
  const ownArtists = decisions.ownArtists.filter(holdsAt(now));
  const ownTracks = decisions.ownTracks.filter(holdsAt(now));

  const keptArtists = latest(exceptions.artists, ({ artistId }) => current(artistId));
  const keptTracks = latest(exceptions.tracks, ({ trackId }) => trackId);
  overrule(
    keptArtists,
    latest(ownArtists, ({ artistId }) => current(artistId)),
  );
  const blockedTracks = latest(ownTracks, ({ trackId }) => trackId);
  overrule(keptTracks, blockedTracks);

  return {
    artists: sourcesByArtist(decisions, ownArtists, current).filter(({ artistId }) => !keptArtists.has(artistId)),
    tracks: [...blockedTracks.keys()]
      .filter((trackId) => !keptTracks.has(trackId))
      .map((trackId) => ({ trackId, sources: [{ kind: 'own' }] })),
    exceptions: {
      trackIds: new Set(keptTracks.keys()),
      albumIds: new Set(exceptions.albums.map(({ albumId }) => albumId)),
    },
  };
}

function sourcesByArtist(
  { lists, categories }: BlockDecisions,
  ownArtists: BlockDecisions['ownArtists'],
  current: (artistId: string) => string,
): EffectiveBlock[] {
  const firm = new Map<string, EffectiveBlock>();
  const contested = new Map<string, EffectiveBlock>();
  const named = (artist: BlockedArtist) => ({ artist, artistId: current(artist.artistId) });
  for (const block of ownArtists) join(firm, named(block), { kind: 'own' });
  for (const { listId, version, entries } of lists) {
    for (const entry of entries) join(firm, named(entry), { kind: 'list', listId, version });
  }
  for (const { category, offenses } of categories) {
    for (const offense of offenses) {
      if (offense.status !== 'sources_verified' && offense.status !== 'contested') continue;
      const blocks = offense.status === 'contested' ? contested : firm;
      join(blocks, named(offense), { kind: 'category', category, offenseIds: [offense.offenseId] });
    }
  }
  const doubtful = [...contested.values()].filter(({ artistId }) => !firm.has(artistId));
  return [...firm.values(), ...doubtful.map((block) => ({ ...block, contested: true }))];
}

function holdsAt(now: Date): (block: { expiresAt: Date | null }) => boolean {
  return ({ expiresAt }) => expiresAt === null || expiresAt > now;
}

/** The latest moment of decision for each subject. */
function latest<T extends { decidedAt: Date }>(all: readonly T[], subjectOf: (one: T) => string): Map<string, Date> {
  const moments = new Map<string, Date>();
  for (const one of all) {
    const subject = subjectOf(one);
    const known = moments.get(subject);
    if (!known || known < one.decidedAt) moments.set(subject, one.decidedAt);
  }
  return moments;
}

/** Takes out the exceptions that were made before a block of the same thing. */
function overrule(exceptions: Map<string, Date>, blocks: ReadonlyMap<string, Date>): void {
  for (const [subject, keptAt] of exceptions) {
    const blockedAt = blocks.get(subject);
    if (blockedAt && blockedAt > keptAt) exceptions.delete(subject);
  }
}

/** Follows merges to their end. In a circle, which no merge should make, the least id stands for all. */
function currentIdOf(mergedInto: ReadonlyMap<string, string>): (artistId: string) => string {
  return (artistId) => {
    const passed = new Set([artistId]);
    let id = artistId;
    for (let next = mergedInto.get(id); next !== undefined; next = mergedInto.get(id)) {
      if (passed.has(next)) return [...passed].slice([...passed].indexOf(next)).sort()[0] ?? next;
      passed.add(next);
      id = next;
    }
    return id;
  };
}

function join(
  blocks: Map<string, EffectiveBlock>,
  { artist, artistId }: { artist: BlockedArtist; artistId: string },
  source: BlockSource,
): void {
  const { artistName, aliases } = artist;
  const block = blocks.get(artistId);
  if (!block) {
    blocks.set(artistId, { artistId, artistName, aliases: [...aliases], sources: [source], contested: false });
    return;
  }
  block.aliases = union(block.aliases, [artistName, ...aliases]).filter((name) => name !== block.artistName);
  const known = block.sources.find((other) => isSameSource(other, source));
  if (!known) block.sources.push(source);
  else if (known.kind === 'category' && source.kind === 'category') {
    known.offenseIds = union(known.offenseIds, source.offenseIds);
  }
}

function union(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])];
}

function isSameSource(one: BlockSource, other: BlockSource): boolean {
  if (one.kind === 'list') return other.kind === 'list' && one.listId === other.listId && one.version === other.version;
  if (one.kind === 'category') return other.kind === 'category' && one.category === other.category;
  return other.kind === 'own';
}

/** How many artists each source speaks against, where anything firmer than an appealed offense does; several may do so at once. */
export function artistsBySource(artists: readonly EffectiveBlock[]): {
  own: number;
  lists: { listId: string; artists: number }[];
  categories: { category: string; artists: number }[];
} {
  const counts = { own: 0, lists: new Map<string, number>(), categories: new Map<string, number>() };
  const count = (of: Map<string, number>, name: string) => of.set(name, (of.get(name) ?? 0) + 1);
  for (const { sources, contested } of artists)
    for (const source of contested ? [] : sources) {
      if (source.kind === 'own') counts.own += 1;
      else if (source.kind === 'list') count(counts.lists, source.listId);
      else count(counts.categories, source.category);
    }
  return {
    own: counts.own,
    lists: [...counts.lists].map(([listId, artists]) => ({ listId, artists })),
    categories: [...counts.categories].map(([category, artists]) => ({ category, artists })),
  };
}
