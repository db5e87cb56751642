import { checkVector } from '../../domain/linkage/vectors';
import type { VectorDatabase } from './database';
import { idIn, type RowFilter, sqlOf } from './filters';
import type { TableDefinition } from './table-definition';

/** A row that was found, with the cosine of its vector and the one asked for. */
export interface Neighbour {
  id: string;
  cosine: number;
}

/**
 * How many rows an index looks at on its way; it keeps vectors rounded, so some more rows than asked for are compared whole. Of the
 * ten nearest among 218,000 names these find all but 4 in 10,000, as twice as many do; half as many miss one in a hundred.
 */
const [searched, refineFactor] = [200, 2];

/** Reads one table of vectors. Throws IndexMissing where there is none, and VectorError for a vector that cannot be asked for. */
export class VectorTable {
  constructor(
    protected readonly database: VectorDatabase,
    readonly definition: TableDefinition,
  ) {}

  count(): Promise<number> {
    return this.database.with(this.definition.name, (table) => table.countRows());
  }

  /** The nearest rows, nearest first. With a filter all rows that pass are looked at, so it should let few through. */
  async nearest(vector: ArrayLike<number>, limit: number, filter: RowFilter | null = null): Promise<Neighbour[]> {
    checkVector(vector, this.definition.dimensions);
    const where = filter && sqlOf(filter);
    return this.database.with(this.definition.name, async (table) => {
      const query = table.query().nearestTo(Array.from(vector)).distanceType('cosine').limit(limit);
      const bounded = where
        ? query.where(where).bypassVectorIndex()
        : query.ef(Math.max(searched, limit * refineFactor)).refineFactor(refineFactor);
      const found = (await bounded.select(['id', '_distance']).toArray()) as { id: string; _distance: number }[];
      return found.map(({ id, _distance: distance }) => ({ id, cosine: 1 - distance }));
    });
  }

  /** The vectors of these rows; of ids that have no row there is none. Throws VectorError where they have other dimensions. */
  async vectorsOf(ids: readonly string[]): Promise<Map<string, Float32Array>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.with(this.definition.name, async (table) => {
      const query = table.query().where(idIn(ids)).select(['id', 'vector']);
      return (await query.toArray()) as { id: string; vector: Iterable<number> }[];
    });
    return new Map(
      rows.map(({ id, vector }) => {
        const numbers = Float32Array.from(vector);
        checkVector(numbers, this.definition.dimensions);
        return [id, numbers];
      }),
    );
  }

  /** Rows that have a word of the text, best first. Words are compared without case and accents. */
  async matching(text: string, limit: number): Promise<string[]> {
    const { fullText: column } = this.definition;
    if (column === null || text.trim() === '') return [];
    return this.database.with(this.definition.name, async (table) => {
      const indexed = (await table.listIndices()).some(({ columns }) => columns.includes(column));
      if (!indexed) return [];
      const query = table
        .query()
        .fullTextSearch(text, { columns: [column] })
        .limit(limit);
      return ((await query.select(['id', '_score']).toArray()) as { id: string }[]).map(({ id }) => id);
    });
  }
}
