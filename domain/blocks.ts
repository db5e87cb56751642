/** Why an artist is blocked: the person's own decision, a version of a list they subscribe to, or a category of offenses. */
export type BlockSource =
  | { kind: 'own' }
  | { kind: 'list'; listId: string; version: number }
  | { kind: 'category'; category: string; offenseIds: string[] };

/** An artist that something blocks. `aliases`: other names that a title may give it. */
export interface BlockedArtist {
  artistId: string;
  artistName: string;
  aliases: string[];
}

/** One blocked artist with everything that blocks it. `contested`: only offenses under appeal do. */
export interface EffectiveBlock extends BlockedArtist {
  sources: BlockSource[];
  contested: boolean;
}

/** Single tracks and albums the person keeps although an artist on them is blocked; catalogue ids. */
export interface MatchExceptions {
  trackIds: ReadonlySet<string>;
  albumIds: ReadonlySet<string>;
}

export const noExceptions: MatchExceptions = { trackIds: new Set(), albumIds: new Set() };

/** Blocks by catalogue artist id, as matching wants them. */
export function blocksByArtist(blocks: readonly EffectiveBlock[]): Map<string, EffectiveBlock> {
  return new Map(blocks.map((block) => [block.artistId, block]));
}
