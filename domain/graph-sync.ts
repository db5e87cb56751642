import { coversAll, parseSnapshot } from './transaction-snapshot';

/** How the graph is brought in step: by what changed, or altogether. */
export type SyncMode = 'incremental' | 'full';

/**
 * Why: by the clock, because somebody asked, the first time (also after the graph was emptied), because it holds another
 * catalog, because what changed since is no longer known, or because counts differ with nothing left to take over.
 */
export const syncReasons = ['schedule', 'asked', 'first', 'other_catalog', 'too_far_behind', 'drift'] as const;
export type SyncReason = (typeof syncReasons)[number];

/** What the graph says of itself: which catalog it holds, and which of its changes are taken over. */
export interface GraphPosition {
  catalogId: string | null;
  /** The moment before which everything that was committed is in the graph, as a snapshot; null before a full sync was complete. */
  watermark: string | null;
}

/** What PostgreSQL says, in snapshots: what is no longer known of, and what has been committed by now. */
export interface FeedPosition {
  catalogId: string;
  forgotten: string;
  now: string;
}

/** Full where increments cannot lead to the catalog as it is, else as asked for. */
export function chooseSync(
  graph: GraphPosition | null,
  feed: FeedPosition,
  asked: { full: boolean; bySomebody: boolean },
): { mode: SyncMode; reason: SyncReason } {
  const reason = asked.bySomebody ? 'asked' : 'schedule';
  if (!graph || graph.watermark === null) return { mode: 'full', reason: 'first' };
  if (graph.catalogId !== feed.catalogId) return { mode: 'full', reason: 'other_catalog' };
  const held = parseSnapshot(graph.watermark);
  // A watermark ahead of its database: that was restored from a copy.
  if (!coversAll(held, parseSnapshot(feed.forgotten)) || !coversAll(parseSnapshot(feed.now), held))
    return { mode: 'full', reason: 'too_far_behind' };
  return { mode: asked.full ? 'full' : 'incremental', reason };
}

/** What is counted on both sides. */
export const countedKinds = ['artists', 'albums', 'tracks', 'credits', 'collaborations'] as const;
export type CountedKind = (typeof countedKinds)[number];
export type GraphCounts = Record<CountedKind, number>;

/**
 * `in_step`; `behind`: changes wait for the next sync; `drifted`: nothing waits, and yet the counts differ; `empty`: no
 * sync was ever complete; `away`.
 */
export const graphStates = ['in_step', 'behind', 'drifted', 'empty', 'away'] as const;
export type GraphState = (typeof graphStates)[number];

/** How the graph stands to the catalog. */
export function graphState(graph: {
  complete: boolean;
  pending: number;
  drift: readonly { difference: number }[];
}): Exclude<GraphState, 'away'> {
  if (!graph.complete) return 'empty';
  if (graph.pending > 0) return 'behind';
  return graph.drift.some(({ difference }) => difference !== 0) ? 'drifted' : 'in_step';
}

/** Where the two differ, each kind with what the graph has too many (or, below zero, too few) of. */
export function driftOf(
  catalog: GraphCounts,
  graph: GraphCounts,
): { kind: CountedKind; catalog: number; graph: number; difference: number }[] {
  return countedKinds.map((kind) => ({
    kind,
    catalog: catalog[kind],
    graph: graph[kind],
    difference: graph[kind] - catalog[kind],
  }));
}
