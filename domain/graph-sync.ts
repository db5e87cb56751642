import { type FeedPosition, type kindsRead, type ReaderPosition, whyNotByIncrements } from './catalog-feed';

/** How the graph is brought in step: by what changed, or altogether. */
export type SyncMode = 'incremental' | 'full';

/**
 * Why: by the clock, because somebody asked, the first time (also after the graph was emptied), because it holds another
 * catalog, because what changed since is no longer known, or because counts differ with nothing left to take over.
 */
export const syncReasons = ['schedule', 'asked', 'first', 'other_catalog', 'too_far_behind', 'drift'] as const;
export type SyncReason = (typeof syncReasons)[number];

/** What the graph is made from. */
export type GraphedKind = Exclude<(typeof kindsRead)['graph'][number], 'match'>;

/** Full where increments cannot lead to the catalog as it is, else as asked for. */
export function chooseSync(
  graph: ReaderPosition | null,
  feed: FeedPosition,
  asked: { full: boolean; bySomebody: boolean },
): { mode: SyncMode; reason: SyncReason } {
  const needed = whyNotByIncrements(graph, feed);
  if (needed) return { mode: 'full', reason: needed };
  return { mode: asked.full ? 'full' : 'incremental', reason: asked.bySomebody ? 'asked' : 'schedule' };
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
