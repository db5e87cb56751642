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
/** Artists that one proposal adds, and that it removes. */
export const mostProposed = 100;

export const proposalVerbs = ['approve', 'reject', 'withdraw'] as const;
export type ProposalVerb = (typeof proposalVerbs)[number];
export const proposalEnds = {
  approve: 'approved',
  reject: 'rejected',
  withdraw: 'withdrawn',
} as const satisfies Record<ProposalVerb, ProposalState>;

/** Why somebody does not decide about a proposal; null where they do. Only who made it takes it back, and nobody else's hands decide about their own. */
export function proposalDenial(
  verb: ProposalVerb,
  { own, looksAfter, state }: { own: boolean; looksAfter: boolean; state: ProposalState },
): 'not_found' | 'owner_only' | 'own_case' | 'already_decided' | null {
  if (!own && !looksAfter) return 'not_found';
  if (verb === 'withdraw' && !own) return 'owner_only';
  if (verb !== 'withdraw' && own) return looksAfter ? 'own_case' : 'owner_only';
  return state === 'open' ? null : 'already_decided';
}

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
