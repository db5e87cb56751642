import type { ReaderPosition } from '../../domain/catalog-feed';
import type { Graph, GraphTransaction } from './graph';

/** Parts of the graph that hang together, as they were counted last. */
export interface GraphComponents {
  count: number;
  largest: number;
  /** Artists who worked with nobody; each is a part of its own. */
  isolated: number;
  measuredAt: Date;
}

/** What the graph says of itself. */
export interface GraphRecord extends ReaderPosition {
  /** Of the last full sync that was completed; 0 before. */
  generation: number;
  /** When the last sync was completed, and the last full one. */
  syncedAt: Date | null;
  fullAt: Date | null;
  components: GraphComponents | null;
}

interface StateRow {
  [key: string]: unknown;
  catalogId: string | null;
  watermark: string | null;
  generation: number | null;
  syncedAt: string | null;
  fullAt: string | null;
  components: number | null;
  largest: number | null;
  isolated: number | null;
  measuredAt: string | null;
}

const stateNode = `(s:GraphState {id: 'graph'})`;

/** Null where there was no sync since the graph was made, or emptied. */
export async function graphRecord(tx: GraphTransaction): Promise<GraphRecord | null> {
  const [row] = await tx.run<StateRow>(
    `MATCH ${stateNode} RETURN s.catalogId AS catalogId, s.snapshot AS watermark, s.generation AS generation,
       toString(s.syncedAt) AS syncedAt, toString(s.fullAt) AS fullAt, s.components AS components, s.largest AS largest,
       s.isolated AS isolated, toString(s.measuredAt) AS measuredAt`,
  );
  if (!row) return null;
  const at = (moment: string | null) => (moment === null ? null : new Date(moment));
  const measuredAt = at(row.measuredAt);
  return {
    catalogId: row.catalogId,
    watermark: row.watermark,
    generation: row.generation ?? 0,
    syncedAt: at(row.syncedAt),
    fullAt: at(row.fullAt),
    components: measuredAt && {
      count: row.components ?? 0,
      largest: row.largest ?? 0,
      isolated: row.isolated ?? 0,
      measuredAt,
    },
  };
}

/**
 * A generation that no full sync had before, also none that was left half-way: what that one wrote, and the catalog has lost
 * since, must not pass for new.
 */
export async function nextGeneration(graph: Graph): Promise<number> {
  const [row] = await graph.write((tx) =>
    tx.run<{ generation: number }>(
      `MERGE ${stateNode} SET s.lastGeneration = coalesce(s.lastGeneration, 0) + 1 RETURN s.lastGeneration AS generation`,
    ),
  );
  if (!row) throw new Error('The graph gave no generation.');
  return row.generation;
}

/** Says that everything committed at the snapshot `until` is in the graph. */
export async function recordSync(
  tx: GraphTransaction,
  sync: { catalogId: string; until: string; generation: number; full: boolean },
): Promise<void> {
  await tx.run(
    `MERGE ${stateNode} SET s.catalogId = $catalogId, s.snapshot = $until, s.generation = $generation, s.syncedAt = datetime(),
       s.fullAt = CASE WHEN $full THEN datetime() ELSE s.fullAt END`,
    { catalogId: sync.catalogId, until: sync.until, generation: sync.generation, full: sync.full },
  );
}

export async function recordComponents(
  tx: GraphTransaction,
  components: Omit<GraphComponents, 'measuredAt'>,
): Promise<void> {
  await tx.run(
    `MATCH ${stateNode} SET s.components = $count, s.largest = $largest, s.isolated = $isolated, s.measuredAt = datetime()`,
    components,
  );
}
