import { Field, FixedSizeList, Float32, Float64, Schema, Utf8 } from 'apache-arrow';

/** A table of vectors: each row has an `id`, a `vector`, and columns to filter and read by. */
export interface TableDefinition {
  /** As its folder is called. */
  name: string;
  dimensions: number;
  columns: Readonly<Record<string, 'text' | 'number'>>;
  /** Columns that rows are filtered by; from `indexedFrom` rows on they have an index. */
  filtered: readonly string[];
  /** The column that full text is searched in. */
  fullText: string | null;
}

export interface TableRow {
  id: string;
  vector: ArrayLike<number>;
  [column: string]: unknown;
}

/** Below that, looking at each vector is as fast as an index, and exact. */
export const indexedFrom = 5_000;

export function schemaOf({ dimensions, columns }: TableDefinition): Schema {
  const fields = Object.entries(columns).map(
    ([name, type]) => new Field(name, type === 'text' ? new Utf8() : new Float64(), true),
  );
  const vector = new FixedSizeList(dimensions, new Field('item', new Float32(), true));
  return new Schema([new Field('id', new Utf8(), false), ...fields, new Field('vector', vector, false)]);
}
