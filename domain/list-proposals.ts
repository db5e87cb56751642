/** Where a proposal stands; only an open one can be decided. */
export const proposalStates = ['open', 'approved', 'rejected', 'withdrawn'] as const;
export type ProposalState = (typeof proposalStates)[number];

/** An artist on a list, and why. */
export interface ListedArtist {
  artistId: string;
  reason: string | null;
}

/** What somebody wants changed. */
export interface ProposedChange {
  additions: readonly ListedArtist[];
  /** Ids of artists. */
  removals: readonly string[];
}

/** Open proposals that one person may have at one list. */
export const mostOpenProposals = 10;

/**
 * What a list says once a proposal is carried out. An artist who is on it already gets the proposed reason; one who isn't and is to be
 * removed changes nothing.
 */
export function withProposal(now: readonly ListedArtist[], { additions, removals }: ProposedChange): ListedArtist[] {
  const gone = new Set(removals);
  const added = new Map(additions.map((entry) => [entry.artistId, entry]));
  const kept = now.filter(({ artistId }) => !gone.has(artistId)).map((entry) => added.get(entry.artistId) ?? entry);
  const there = new Set(kept.map(({ artistId }) => artistId));
  return [...kept, ...[...added.values()].filter(({ artistId }) => !there.has(artistId) && !gone.has(artistId))];
}
