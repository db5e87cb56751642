/** What follows the catalog change by change, each at its own pace: the index, and looking for artists that are in the catalog twice. */
export const feedReaders = ['index', 'links'] as const;
export type FeedReader = (typeof feedReaders)[number];

/** What is noted as changed: an artist, its aliases or its genres (by the artist’s id), or a track with its credits. */
export type ChangedKind = 'artist' | 'aliases' | 'genres' | 'track';

/** What a reader's copy of the catalog says of itself: which catalog it holds, and up to where its changes are taken over. */
export interface ReaderPosition {
  catalogId: string | null;
  /** The transaction up to which every change is taken over; null before the copy was complete. */
  watermark: bigint | null;
}

/** What PostgreSQL says: changes are known from the transaction `floor` on, and all before `until` have ended. */
export interface FeedPosition {
  catalogId: string;
  floor: bigint;
  until: bigint;
}

/** Why increments cannot lead to the catalog as it is: nothing was complete yet, it is another catalog, or what changed is no longer known. */
export type NotByIncrements = 'first' | 'other_catalog' | 'too_far_behind';

/** Null where increments lead there. */
export function whyNotByIncrements(held: ReaderPosition | null, feed: FeedPosition): NotByIncrements | null {
  if (!held || held.watermark === null) return 'first';
  if (held.catalogId !== feed.catalogId) return 'other_catalog';
  // A watermark ahead of its database: that was restored from a copy.
  return held.watermark < feed.floor || held.watermark > feed.until ? 'too_far_behind' : null;
}
