import type { ListedArtist } from './list-proposals';

export const listChanges = ['added', 'removed', 'reason_changed'] as const;
export type ListChange = (typeof listChanges)[number];

/** One artist who is on two versions in different ways. */
export interface ListDifference {
  change: ListChange;
  artistId: string;
  reasonBefore: string | null;
  reason: string | null;
}

/** What makes one version another, by artist: who comes, who goes, and whose reason is another; within each in the version's order. */
export function differencesOf(before: readonly ListedArtist[], after: readonly ListedArtist[]): ListDifference[] {
  const [was, is] = [byArtist(before), byArtist(after)];
  const added = [...is].filter(([artistId]) => !was.has(artistId));
  const removed = [...was].filter(([artistId]) => !is.has(artistId));
  const changed = [...is].filter(([artistId, reason]) => was.has(artistId) && was.get(artistId) !== reason);
  return [
    ...added.map(([artistId, reason]) => ({ change: 'added' as const, artistId, reasonBefore: null, reason })),
    ...removed.map(([artistId, reason]) => ({
      change: 'removed' as const,
      artistId,
      reasonBefore: reason,
      reason: null,
    })),
    ...changed.map(([artistId, reason]) => ({
      change: 'reason_changed' as const,
      artistId,
      reasonBefore: was.get(artistId) ?? null,
      reason,
    })),
  ];
}

/** Of two entries that came to name one artist by a merge, the first one speaks. */
function byArtist(entries: readonly ListedArtist[]): Map<string, string | null> {
  const reasons = new Map<string, string | null>();
  for (const { artistId, reason } of entries) if (!reasons.has(artistId)) reasons.set(artistId, reason);
  return reasons;
}
