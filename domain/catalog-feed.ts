import { coversAll, parseSnapshot } from './transaction-snapshot';

/**
 * What is noted as changed: an artist, its aliases or its genres (by the artist’s id), an album, a track with its credits and
 * its album’s years, an imported recording with whom it credits, or a track or recording of which something else says what it is.
 */
export type ChangedKind = 'artist' | 'aliases' | 'genres' | 'album' | 'track' | 'recording' | 'match';

/**
 * What follows the catalog change by change, each at its own pace, and what it takes over: the graph, the index, and looking for
 * artists and recordings that are in the catalog twice.
 */
export const kindsRead = {
  graph: ['artist', 'album', 'track', 'recording', 'match'],
  index: ['artist', 'aliases', 'genres', 'track', 'recording'],
  links: ['artist', 'aliases', 'track', 'recording'],
} as const satisfies Record<string, readonly ChangedKind[]>;
export type FeedReader = keyof typeof kindsRead;

/** In what doubles are looked for, in this order: whoever performs a recording says which one it is. */
export const looks = ['artists', 'recordings'] as const;
export type Look = (typeof looks)[number];

/** What was committed between two snapshots (ever, if `from` is null), and up to where it has been looked at; `after` is an id. */
export interface Stretch {
  from: string | null;
  until: string;
  look: Look;
  after: string | null;
}

/** What a reader's copy of the catalog says of itself: which catalog it holds, and which of its changes are taken over. */
export interface ReaderPosition {
  catalogId: string | null;
  /** The moment before which everything that was committed is taken over, as a snapshot; null before the copy was complete. */
  watermark: string | null;
}

/** What PostgreSQL says, in snapshots: what is no longer known of, and what has been committed by now. */
export interface FeedPosition {
  catalogId: string;
  forgotten: string;
  now: string;
}

/** Why increments cannot lead to the catalog as it is: nothing was complete yet, it is another catalog, or what changed is no longer known. */
export type NotByIncrements = 'first' | 'other_catalog' | 'too_far_behind';

/** Null where increments lead there. */
export function whyNotByIncrements(held: ReaderPosition | null, feed: FeedPosition): NotByIncrements | null {
  if (!held || held.watermark === null) return 'first';
  if (held.catalogId !== feed.catalogId) return 'other_catalog';
  const taken = parseSnapshot(held.watermark);
  // A watermark ahead of its database: that was restored from a copy.
  return coversAll(taken, parseSnapshot(feed.forgotten)) && coversAll(parseSnapshot(feed.now), taken)
    ? null
    : 'too_far_behind';
}
